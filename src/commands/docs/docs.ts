import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { during } from '../../base/profile.js';
import { OutputError } from '../../base/write-files.js';
import { buildContract, type Contract } from '../../contract/index.js';
import { compareRows } from '../../docs/page/page-rows.js';
import { patchSeries } from '../../docs/patch-drafts.js';
import { type DocumentationPlan, planDocumentation } from '../../docs/plan.js';
import { formatPatches, patchDate, userIdentity } from '../../input/git/format-patch.js';
import { openFolder } from '../../input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { ConfigError } from '../../lint/config/config.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, userPath, writeUserFiles } from '../cli/context.js';
import { exitFindings } from '../cli/exit-codes.js';
import { toolVersion } from '../cli/version.js';
import { formatConflict, formatStale } from './docs-lines.js';
import { checkLink, findRemovals, noOrigin } from './origin.js';
import { diffOf, keepDates, ownPatches, removeFiles } from './patch-files.js';

export interface DocsOptions {
  /** The folder for pages and patches; undefined for the usual one. */
  readonly out?: string;
  readonly write: boolean;
  readonly check: boolean;
  /** False to leave out the page of drivers. */
  readonly tables: boolean;
  /** Whether the patches are signed off by the user. */
  readonly signoff: boolean;
  /** Addresses of the discussion, for `Link:` lines. */
  readonly link?: readonly string[];
  readonly config?: string;
}

const usualOut = 'docs-out';

/**
 * `dmabuf-lint docs [tree]`: writes the documentation of the contract for a tree, as pages and patches or into the
 * tree, or tells what of the tree's documentation is stale.
 * @returns the exit code
 * @throws InputError, ConfigError, OutputError, UserError
 */
export async function docs(folder: string, options: DocsOptions, context: CommandContext): Promise<number> {
  const { terminal } = context;
  if (options.check && options.write) throw new ConfigError('--check and --write exclude each other');
  for (const link of options.link ?? []) checkLink(link);
  if (options.write && options.out !== undefined) throw new ConfigError('--write and --out exclude each other');
  const tree = openFolder(userPath(context, folder), folder);
  const config = await findConfig(folder, options.config, context);
  const contract = await buildContract(tree, {
    markers: config.markers,
    attributeWords: config.macros,
    leftOut: config.exclude,
  });
  const plan = during('report', () => planDocumentation(contract, options));
  if (!options.check) await checkEncoding(folder, plan, context);
  for (const conflict of plan.conflicts) terminal.writeError(formatConflict(conflict));
  for (const line of gapLines(plan, contract)) terminal.writeError(`${line}\n`);
  const code = options.check
    ? await check(plan, contract, options, context)
    : options.write
      ? await writeTree(folder, plan, context)
      : await writeOut(folder, plan, contract, options, context);
  return plan.conflicts.length > 0 ? exitFindings : code;
}

/** Refuses files that are not UTF-8: writing them would change their encoding. */
async function checkEncoding(folder: string, { files }: DocumentationPlan, context: CommandContext): Promise<void> {
  for (const [index, { path, before }] of files.entries()) {
    // Of a file that is changed in steps, the first has what the tree has.
    if (before === null || files.findIndex((file) => file.path === path) < index) continue;
    const bytes = await readFile(userPath(context, join(folder, path)));
    if (bytes.equals(Buffer.from(before))) continue;
    throw new OutputError(`${join(folder, path)}: is not plain UTF-8, so it cannot be changed; convert it first`);
  }
}

/** What the documentation leaves out, and why. */
function gapLines({ missing }: DocumentationPlan, { notAnalysed }: Contract): readonly string[] {
  const lines = missing.map((name) => `${name} is not documented: ${dmaBufHeader} and ${dmaBufCore} do not have it`);
  if (notAnalysed.length > 0)
    lines.push(
      `${notAnalysed.length} ${notAnalysed.length === 1 ? 'place' : 'places'} not analysed; see dmabuf-lint scan`,
    );
  return lines;
}

async function writeTree(folder: string, { files }: DocumentationPlan, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const last = [...new Map(files.map(({ path, after }) => [path, after]))];
  await writeUserFiles(
    context,
    last.map(([path, text]) => ({ path: join(folder, path), text, tree: folder })),
  );
  terminal.write(last.map(([path]) => `${path}\n`).join(''));
  terminal.writeError(`${last.length === 0 ? 'nothing to change' : `${last.length} files changed`}\n`);
  return 0;
}

async function writeOut(
  folder: string,
  plan: DocumentationPlan,
  contract: Contract,
  options: DocsOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const out = options.out ?? usualOut;
  // A folder that the user did not name may be a stranger's link: often the working directory is the tree.
  const within = options.out === undefined ? { tree: '.' } : {};
  const patches = await makePatches(folder, plan, contract, { ...options, out }, context);
  const pages = pagesOf(plan);
  const wanted = [...pages, ...patches].map(({ name, text }) => ({ path: join(out, name), text, ...within }));
  const superfluous = (await ownPatches(out, context)).filter((name) => !patches.some((patch) => patch.name === name));
  await writeUserFiles(context, wanted);
  await removeFiles(out, superfluous, context);
  terminal.write(wanted.map(({ path }) => `${path}\n`).join(''));
  const count = patches.filter(({ name }) => !name.startsWith('0000-')).length;
  terminal.writeError(
    count === 0
      ? 'the documentation in the tree is up to date: no patches\n'
      : `${count} ${count === 1 ? 'patch' : 'patches'}; to apply: git am ${join(out, '000[1-9]-*.patch')}\n`,
  );
  return 0;
}

function pagesOf({ pages }: DocumentationPlan): readonly { readonly name: string; readonly text: string }[] {
  return pages.flatMap(({ name, rest, markdown }) => [
    { name: `${name}.rst`, text: rest },
    { name: `${name}.md`, text: markdown },
  ]);
}

/** The patches that the tree needs. A patch that an earlier run made keeps its date. */
async function makePatches(
  folder: string,
  plan: DocumentationPlan,
  contract: Contract,
  { out, signoff, link = [] }: DocsOptions & { readonly out: string },
  context: CommandContext,
) {
  const { env } = context;
  const tool = `dmabuf-lint ${toolVersion()}`;
  const removals = await findRemovals(folder, plan, contract, context);
  const { drafts, cover } = patchSeries(plan, contract, { tool, removals, links: link });
  if (drafts.length === 0) return [];
  const { seconds, isFixed } = patchDate(env);
  const identity = await userIdentity(userPath(context, folder), env);
  const stamp = { identity, isSigned: signoff, seconds, signature: tool, cover };
  const patches = await formatPatches(drafts, stamp, env);
  return isFixed ? patches : keepDates(out, patches, context);
}

async function check(
  plan: DocumentationPlan,
  contract: Contract,
  { out }: DocsOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const stale = plan.stale.map(formatStale);
  const lines = out === undefined ? stale : await staleOutput(plan, contract, out, context);
  terminal.write(lines.join(''));
  if (lines.length > 0) terminal.writeError(`${lines.length} stale; dmabuf-lint docs writes the missing text\n`);
  return lines.length > 0 ? exitFindings : 0;
}

/** What is stale in a folder of pages and patches. */
async function staleOutput(
  plan: DocumentationPlan,
  contract: Contract,
  out: string,
  context: CommandContext,
): Promise<readonly string[]> {
  if (!existsSync(userPath(context, out)))
    throw new OutputError(`${out}: no such folder; write it with 'dmabuf-lint docs --out ${out}'`);
  const lines: string[] = [];
  for (const { name, text } of pagesOf(plan)) {
    const path = join(out, name);
    const written = await readFile(userPath(context, path), 'utf8').catch(() => null);
    if (written === text) continue;
    const rows = written === null || !name.endsWith('.rst') ? [] : compareRows(written, text);
    const isMissing = written === null;
    lines.push(
      ...rows.map(({ line, message }) => formatStale({ path, line, kind: 'stale-table', message, isMended: true })),
    );
    if (rows.length === 0)
      lines.push(
        formatStale({
          path,
          line: 1,
          kind: 'stale-documentation',
          message: isMissing ? 'is missing' : 'is not what the tree gives',
          isMended: true,
        }),
      );
  }
  const { drafts, cover } = patchSeries(plan, contract, noOrigin);
  const identity = { name: 'Nobody', email: 'nobody@example.org' };
  const stamp = { identity, isSigned: false, seconds: 0, signature: '', cover };
  const patches = drafts.length === 0 ? [] : await formatPatches(drafts, stamp, context.env);
  const known = await ownPatches(out, context);
  for (const { name, text } of patches) {
    const written = await readFile(userPath(context, join(out, name)), 'utf8').catch(() => '');
    if (diffOf(written) !== diffOf(text))
      lines.push(patchLine(out, name, written === '' ? 'is missing' : 'is not what the tree needs'));
  }
  for (const name of known)
    if (!patches.some((patch) => patch.name === name)) lines.push(patchLine(out, name, 'is not needed by the tree'));
  return lines;
}

function patchLine(out: string, name: string, message: string): string {
  return formatStale({
    path: join(out, name),
    line: 1,
    kind: 'stale-documentation',
    message,
    isMended: true,
  });
}
