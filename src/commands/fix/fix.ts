import { accessSync, constants, lstatSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputError, writeTogether } from '../../base/write-files.js';
import { formatPatches, type PatchDraft, patchDate, userIdentity } from '../../input/git/format-patch.js';
import { type FileHistory, openHistory } from '../../input/git/history.js';
import { leavingCommit } from '../../input/git/removing-commit.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { dmaBufHeader } from '../../kernel/index.js';
import {
  type AnalyseAgain,
  type Config,
  type Finding,
  type FixOutcome,
  fixFindings,
  type Result,
} from '../../lint/index.js';
import { escapeForTerminal } from '../../report/index.js';
import { type CommandContext, userPath, writeUserFiles } from '../cli/context.js';
import { toolVersion } from '../cli/version.js';
import { fixDrafts, noHistory } from './fix-patches.js';
import type { FixTarget, PatchTarget } from './fix-target.js';
import { withOrigins } from './origin/brought-in.js';

/** A tree that was scanned. */
interface ToFix {
  readonly tree: SourceTree;
  readonly result: Result;
  readonly analyse: AnalyseAgain;
  readonly config: Config;
  /** Whether results of earlier runs may be used and kept. */
  readonly cache: boolean;
  /** Which of its findings to fix. */
  isWanted(finding: Finding): boolean;
}

/**
 * Makes the fixes that are proven right, and lists on standard error what was fixed and what was not, with the reason.
 * @param folder where the tree is
 * @returns what is on disk now: what is left after fixes in the tree; if they become patches, the result as it was
 * @throws OutputError, UserError
 */
export async function fixTree(
  folder: string,
  toFix: ToFix,
  target: FixTarget,
  context: CommandContext,
): Promise<Result> {
  const { tree, result, analyse, isWanted } = toFix;
  const { terminal, env } = context;
  const history = target.kind === 'patches' ? await openHistory(folder, env) : null;
  terminal.progress('trying fixes');
  const trying = fixFindings(tree, result, analyse, {
    isWanted,
    whyNot: (path) =>
      history?.uncommitted.has(path)
        ? `${path} has changes that are not committed, and a patch of it would not apply; commit them first`
        : whyNotWritable(folder, tree, path, target),
  });
  const outcome = await trying.finally(() => terminal.progress(null));
  const patches =
    target.kind === 'patches' ? await writePatches({ ...toFix, folder, history }, outcome, target, context) : [];
  if (target.kind === 'tree')
    await writeTogether(
      [...outcome.files].map(([path, text]) => ({
        path: join(folder, path),
        text,
        name: join(tree.name, path),
        tree: folder,
      })),
    );
  const lines = [...outcomeLines(result.findings.filter(isWanted), outcome, fixedWords[target.kind]), ...patches];
  terminal.writeError(lines.map((line) => `${escapeForTerminal(line)}\n`).join(''));
  return target.kind === 'tree' ? outcome.result : result;
}

/** What a fix is called once it is made, or once it is a patch. */
const fixedWords = { tree: 'fixed', patches: 'fixed by a patch' } as const;

function outcomeLines(findings: readonly Finding[], { fixed, unfixed }: FixOutcome, word: string): readonly string[] {
  const place = ({ file, line }: Finding): string => `${file}:${line}`;
  const tried = new Set([...fixed, ...unfixed].map(({ finding }) => finding));
  const without = findings.filter((finding) => !tried.has(finding));
  return [
    ...fixed.map(({ finding, fix }) => `${place(finding)}: ${word}: ${fix.title} [${finding.rule}]`),
    ...unfixed.map(({ finding, because }) => `${place(finding)}: not fixed: ${because} [${finding.rule}]`),
    ...without.map((finding) => `${place(finding)}: not fixed: there is no automatic fix [${finding.rule}]`),
    `${fixed.length} ${word}, ${unfixed.length + without.length} not fixed`,
  ];
}

/** Why a file cannot be written as it was read, or null: a fix must not change the encoding of a file. */
function whyNotWritable(folder: string, tree: SourceTree, path: string, target: FixTarget): string | null {
  const full = join(folder, path);
  try {
    if (lstatSync(full).isSymbolicLink()) return `${path} is a symbolic link`;
    const isSame = readFileSync(full).equals(Buffer.from(tree.read(path) ?? '', 'utf8'));
    if (!isSame) return `${path} is not plain UTF-8`;
  } catch {
    return `${path} cannot be read`;
  }
  if (target.kind === 'patches') return null;
  try {
    accessSync(full, constants.W_OK); // a rename would replace a read-only file
    return null;
  } catch {
    return `${path} is not writable`;
  }
}

/** A tree that is to be fixed, and what git knows of it. */
interface FixedTree extends ToFix {
  readonly folder: string;
  readonly history: FileHistory | null;
}

/** @returns lines for standard error */
async function writePatches(
  fixedTree: FixedTree,
  { fixed }: FixOutcome,
  { out, isSigned }: PatchTarget,
  context: CommandContext,
): Promise<readonly string[]> {
  const { folder } = fixedTree;
  const { env, terminal } = context;
  terminal.progress('asking the history');
  const drafting = draftPatches(fixedTree, fixed, context);
  const drafts = await drafting.finally(() => terminal.progress(null));
  if (drafts.length === 0) return ['no fix is certain: no patches'];
  const stamp = {
    identity: await userIdentity(folder, env),
    isSigned,
    seconds: patchDate(env).seconds,
    signature: `dmabuf-lint ${toolVersion()}`,
  };
  const patches = await formatPatches(drafts, stamp, env);
  const mailbox = patches.map(({ text }) => text).join('');
  const count = `${patches.length} ${patches.length === 1 ? 'patch' : 'patches'}`;
  if (out === true) {
    terminal.write(mailbox);
    return [`${count}; to apply: git am`];
  }
  if (await isForOneFile(userPath(context, out))) {
    await writeUserFiles(context, [{ path: out, text: mailbox }]);
    return [`${count}; to apply: git am ${out}`];
  }
  await refuseOtherPatches(out, new Set(patches.map(({ name }) => name)), context);
  await writeUserFiles(
    context,
    patches.map(({ name, text }) => ({ path: join(out, name), text })),
  );
  return [`${count}; to apply: git am ${join(out, '*.patch')}`];
}

/** Drafts the patches, with what the history says of them. */
async function draftPatches(
  { folder, tree, history, result, config, cache }: FixedTree,
  fixed: FixOutcome['fixed'],
  context: CommandContext,
): Promise<readonly PatchDraft[]> {
  const { revision } = result;
  if (!history || revision === null) return await fixDrafts(tree, fixed, noHistory);
  const { uncommitted } = history;
  const request = { folder, revision, uncommitted, config, cache, textOf: (path: string) => tree.read(path) };
  return await withOrigins(request, context, (search) =>
    fixDrafts(tree, fixed, {
      subjectsOf: (path) => history.subjects(path),
      renamedBy: (path, name) => leavingCommit(folder, { header: dmaBufHeader, path, name }, context.env),
      broughtIn: async (finding) => (await search?.broughtIn(finding)) ?? null,
    }),
  );
}

/** A name with the ending of a patch or mailbox is a file, unless there is a folder of that name. */
async function isForOneFile(out: string): Promise<boolean> {
  const found = await stat(out).catch(() => null);
  return found ? !found.isDirectory() : /\.(?:patch|diff|mbox|mbx|eml)$/.test(out);
}

/** Refuses a folder with other patches: `git am *.patch` would apply them, too. */
async function refuseOtherPatches(out: string, own: ReadonlySet<string>, context: CommandContext): Promise<void> {
  const names = await readdir(userPath(context, out)).catch(() => []);
  const other = names.find((name) => name.endsWith('.patch') && !own.has(name));
  if (other) throw new OutputError(`${join(out, other)}: exists already; name a folder without patches`);
}
