import { accessSync, constants, lstatSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputError, writeTogether } from '../../base/write-files.js';
import { formatPatches, userIdentity } from '../../input/git/format-patch.js';
import { type FileHistory, openHistory } from '../../input/git/history.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { type AnalyseAgain, type Finding, type FixOutcome, fixFindings, type Result } from '../../lint/index.js';
import { escapeForTerminal } from '../../report/index.js';
import type { Terminal } from '../cli/terminal.js';
import { toolVersion } from '../cli/version.js';
import { fixDrafts } from './fix-patches.js';
import type { FixTarget } from './fix-target.js';

/**
 * Fixes what can surely be fixed, and tells on standard error what was and what was not.
 * @returns what is left
 * @throws OutputError, UserError
 */
export async function fixTree(
  folder: string,
  scanned: { readonly tree: SourceTree; readonly result: Result; readonly analyse: AnalyseAgain },
  target: FixTarget,
  terminal: Terminal,
): Promise<Result> {
  const { tree, result, analyse } = scanned;
  const history = target.kind === 'patches' ? await openHistory(folder) : null;
  terminal.progress('trying fixes');
  const trying = fixFindings(tree, result, analyse, {
    whyNot: (path) =>
      history?.uncommitted.has(path)
        ? `${path} has changes that are not committed, and a patch of it would not apply; commit them first`
        : whyNotWritable(folder, tree, path, target),
  });
  const outcome = await trying.finally(() => terminal.progress(null));
  const patches =
    target.kind === 'patches' ? await writePatches(folder, tree, outcome, target.out, history, terminal) : [];
  if (target.kind === 'tree')
    await writeTogether([...outcome.files].map(([path, text]) => ({ path: join(folder, path), text })));
  const lines = [...outcomeLines(outcome), ...patches];
  terminal.writeError(lines.map((line) => `${escapeForTerminal(line)}\n`).join(''));
  return outcome.result;
}

function outcomeLines({ fixed, unfixed }: FixOutcome): readonly string[] {
  const place = ({ file, line }: Finding): string => `${file}:${line}`;
  return [
    ...fixed.map(({ finding, fix }) => `${place(finding)}: fixed: ${fix.title} [${finding.rule}]`),
    ...unfixed.map(({ finding, because }) => `${place(finding)}: not fixed: ${because} [${finding.rule}]`),
    `${fixed.length} fixed, ${unfixed.length} not fixed`,
  ];
}

/** Why a file cannot be written as it was read, or null: another encoding must not be changed by the way. */
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
    accessSync(full, constants.W_OK); // a file that is read-only would be replaced nevertheless
    return null;
  } catch {
    return `${path} must not be written`;
  }
}

/** @returns what to tell of them */
async function writePatches(
  folder: string,
  tree: SourceTree,
  { fixed }: FixOutcome,
  out: string | true,
  history: FileHistory | null,
  terminal: Terminal,
): Promise<readonly string[]> {
  const drafts = await fixDrafts(tree, fixed, async (path) => (await history?.subjects(path)) ?? []);
  if (drafts.length === 0) return ['nothing that is surely right: no patches'];
  const epoch = Number(process.env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const seconds = Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : Math.floor(Date.now() / 1000);
  const patches = await formatPatches(drafts, await userIdentity(folder), seconds, `dmabuf-lint ${toolVersion()}`);
  const mailbox = patches.map(({ text }) => text).join('');
  const count = `${patches.length} ${patches.length === 1 ? 'patch' : 'patches'}`;
  if (out === true) {
    terminal.write(mailbox);
    return [`${count}; to apply: git am`];
  }
  if (await isForOneFile(out)) {
    await writeTogether([{ path: out, text: mailbox }]);
    return [`${count}; to apply: git am ${out}`];
  }
  await refuseOtherPatches(out, new Set(patches.map(({ name }) => name)));
  await writeTogether(patches.map(({ name, text }) => ({ path: join(out, name), text })));
  return [`${count}; to apply: git am ${join(out, '*.patch')}`];
}

/** A name that ends like that of a patch or a mailbox is one, unless there is a folder of that name. */
async function isForOneFile(out: string): Promise<boolean> {
  const found = await stat(out).catch(() => null);
  return found ? !found.isDirectory() : /\.(?:patch|diff|mbox|mbx|eml)$/.test(out);
}

/** `git am` takes all patches of a folder: there must be no others in it. */
async function refuseOtherPatches(out: string, own: ReadonlySet<string>): Promise<void> {
  const names = await readdir(out).catch(() => []);
  const other = names.find((name) => name.endsWith('.patch') && !own.has(name));
  if (other) throw new OutputError(`${join(out, other)}: is there already; name a folder without patches`);
}
