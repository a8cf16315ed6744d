import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, UserError } from '../../base/errors.js';
import { during } from '../../base/profile.js';
import { withScratch } from '../../base/scratch.js';
import { OutputError } from '../../base/write-files.js';
import { buildContract, type Contract, toldInNames } from '../../contract/index.js';
import { patchSeries } from '../../docs/patch-drafts.js';
import { type DocumentationPlan, planDocumentation } from '../../docs/plan.js';
import { formatPatches, patchDate, userIdentity } from '../../input/git/format-patch.js';
import { openSide } from '../../input/git/sides/open-side.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import { type Config, ConfigError } from '../../lint/config/config.js';
import { subjectOf } from '../../report/scan-report.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, userPath, writeUserFiles } from '../cli/context.js';
import { exitFindings } from '../cli/exit-codes.js';
import { columnsOf } from '../cli/terminal.js';
import { toolVersion } from '../cli/version.js';
import { type DocsFormat, docsFormats, formatNamed, formats } from '../formats/formats.js';
import { type OutputOptions, type Outputs, outputsOf } from '../formats/outputs.js';
import { printOutput, writeOutputs } from '../formats/print.js';
import { checkReport } from './check-report.js';
import { formatConflict } from './docs-lines.js';
import { checkLink, findRemovals } from './origin.js';
import { pagesOf } from './pages.js';
import { keepDates, ownPatches, removeFiles } from './patch-files.js';
import { staleOutput } from './stale-output.js';

export interface DocsOptions extends OutputOptions<DocsFormat> {
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
  if (options.check && options.write) throw new ConfigError('--check and --write exclude each other');
  for (const link of options.link ?? []) checkLink(link);
  if (!options.check && (options.format !== undefined || options.output !== undefined))
    throw new ConfigError('--format and --output are for what --check finds; name the folder of the pages with --out');
  const outputs = outputsOf(docsFormats, options, { terminal: 'text', file: 'gcc' });
  if (options.write && options.out !== undefined) throw new ConfigError('--write and --out exclude each other');
  const config = await findConfig(folder, options.config, context);
  return await withScratch(context.env, async (scratch) => {
    // What a sparse checkout leaves out is read from git.
    const side = {
      folder: userPath(context, folder),
      name: folder,
      side: { kind: 'work-tree' },
      env: context.env,
    } as const;
    const { tree } = await openSide(side, scratch);
    return await documentTree(folder, { tree, config }, options, outputs, context);
  });
}

/** Does what the options ask for with a tree that is open. @returns the exit code */
async function documentTree(
  folder: string,
  { tree, config }: { readonly tree: SourceTree; readonly config: Config },
  options: DocsOptions,
  outputs: Outputs<DocsFormat>,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const contract = await buildContract(tree, {
    markers: config.markers,
    attributeWords: config.macros,
    leftOut: config.exclude,
  }).finally(() => terminal.progress(null));
  if (!contract.dialect.hasCallback)
    throw new UserError(`${folder}: importers have no ops in this tree: there is no invalidation to document`);
  const planned = during('report', () => planDocumentation(contract, options));
  const plan = toldInNames(contract.names, planned);
  if (!options.check) await checkFiles(folder, plan, options, context);
  const { isStrict } = formatNamed(outputs.terminal);
  if (outputs.terminal === 'text')
    for (const conflict of plan.conflicts) terminal.writeError(formatConflict(conflict, columnsOf(terminal)));
  if (!isStrict) for (const line of gapLines(plan, contract)) terminal.writeError(`${line}\n`);
  const code = options.check
    ? await check(planned, contract, options, outputs, context)
    : options.write
      ? await writeTree(folder, plan, context)
      : await writeOut(folder, planned, contract, options, context);
  return plan.conflicts.length > 0 ? exitFindings : code;
}

/**
 * Refuses files that are not UTF-8: writing them would change their encoding. One that a sparse checkout leaves out can get
 * a patch, but cannot be written.
 */
async function checkFiles(
  folder: string,
  { files }: DocumentationPlan,
  { write }: DocsOptions,
  context: CommandContext,
): Promise<void> {
  for (const [index, { path, before }] of files.entries()) {
    // Of a file that is changed in steps, the first has what the tree has.
    if (before === null || files.findIndex((file) => file.path === path) < index) continue;
    const bytes = await readFile(userPath(context, join(folder, path))).catch(nothingThere);
    if (bytes === null && write)
      throw new OutputError(`${join(folder, path)}: is not checked out; add it with git sparse-checkout`);
    if (bytes === null || bytes.equals(Buffer.from(before))) continue;
    throw new OutputError(`${join(folder, path)}: is not plain UTF-8, so it cannot be changed; convert it first`);
  }
}

function nothingThere(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null;
  throw error;
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
  const pages = pagesOf(toldInNames(contract.names, plan));
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
  const { drafts, cover } = toldInNames(contract.names, patchSeries(plan, contract, { tool, removals, links: link }));
  if (drafts.length === 0) return [];
  const { seconds, isFixed } = patchDate(env);
  const identity = await userIdentity(userPath(context, folder), env);
  const stamp = { identity, isSigned: signoff, seconds, signature: tool, cover };
  const patches = await formatPatches(drafts, stamp, env);
  return isFixed ? patches : keepDates(out, patches, context);
}

/** Tells what is stale, in the formats that were asked for. @returns the exit code */
async function check(
  plan: DocumentationPlan,
  contract: Contract,
  { out }: DocsOptions,
  outputs: Outputs<DocsFormat>,
  context: CommandContext,
): Promise<number> {
  const { terminal, env } = context;
  const { stale: ofTree, conflicts } = toldInNames(contract.names, plan);
  const stale = out === undefined ? ofTree : await staleOutput(plan, contract, out, context);
  const report = checkReport(
    { stale, conflicts },
    { subject: subjectOf(contract.kernelVersion), textOf: (path) => contract.names.original.read(path) },
  );
  const write = (format: DocsFormat, columns: number | null) =>
    formats[format].docs({ report, failOn: 'warning', columns });
  await writeOutputs(outputs, (format) => write(format, null), context);
  await printOutput(outputs, (format) => write(format, columnsOf(terminal)), context);
  const { conclude, isStrict } = formatNamed(outputs.terminal);
  if (stale.length > 0 && !isStrict)
    terminal.writeError(`${stale.length} stale; dmabuf-lint docs writes the missing text\n`);
  const concluded = conclude ? await conclude({ report, failOn: 'error', env, terminal }) : null;
  return concluded ?? (stale.length > 0 ? exitFindings : 0);
}
