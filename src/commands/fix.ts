import { lstatSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPatches, userIdentity } from '../input/format-patch.js';
import type { SourceTree } from '../input/tree.js';
import { OutputError, writeTogether } from '../input/write-files.js';
import { type AnalyseAgain, type Finding, type FixOutcome, fixFindings, type Result } from '../lint/index.js';
import { escapeForTerminal } from '../report/index.js';
import { fixDrafts } from './fix-patches.js';
import type { Terminal } from './terminal.js';
import { toolVersion } from './version.js';

/** What becomes of the fixes: they go into the tree, or into patches, for `true` on standard output. */
export type FixTarget = { readonly kind: 'tree' } | { readonly kind: 'patches'; readonly out: string | true };

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
  const outcome = await fixFindings(tree, result, analyse, (path) => whyNotWritable(folder, tree, path));
  if (target.kind === 'patches') await writePatches(folder, tree, outcome, target.out, terminal);
  else await writeTogether([...outcome.files].map(([path, text]) => ({ path: join(folder, path), text })));
  terminal.writeError(
    outcomeLines(outcome)
      .map((line) => `${escapeForTerminal(line)}\n`)
      .join(''),
  );
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
function whyNotWritable(folder: string, tree: SourceTree, path: string): string | null {
  try {
    const full = join(folder, path);
    if (lstatSync(full).isSymbolicLink()) return `${path} is a symbolic link`;
    const isSame = readFileSync(full).equals(Buffer.from(tree.read(path) ?? '', 'utf8'));
    return isSame ? null : `${path} is not plain UTF-8`;
  } catch {
    return `${path} cannot be read`;
  }
}

async function writePatches(
  folder: string,
  tree: SourceTree,
  { fixed }: FixOutcome,
  out: string | true,
  terminal: Terminal,
): Promise<void> {
  const drafts = fixDrafts(tree, fixed);
  if (drafts.length === 0) return;
  const epoch = Number(process.env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const seconds = Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : Math.floor(Date.now() / 1000);
  const patches = await formatPatches(drafts, await userIdentity(folder), seconds, `dmabuf-lint ${toolVersion()}`);
  const mailbox = patches.map(({ text }) => text).join('');
  if (out === true) terminal.write(mailbox);
  else if (await isForOneFile(out)) await writeTogether([{ path: out, text: mailbox }]);
  else {
    await refuseOtherPatches(out, new Set(patches.map(({ name }) => name)));
    await writeTogether(patches.map(({ name, text }) => ({ path: join(out, name), text })));
  }
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
