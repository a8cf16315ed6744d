import type { FilePatch } from '../diff/diff.js';
import { firstDifference, splitHunks } from '../diff/single-hunks.js';
import { askGit, type GitOptions } from '../git/git.js';
import type { ApplyFailure } from '../git/patching.js';
import { mergeThreeWay } from './three-way.js';

/** Applies a diff to the private index. @returns null, or git's error message */
export async function applyText(text: Buffer, options: GitOptions, ...more: readonly string[]): Promise<string | null> {
  const apply = ['apply', '--cached', '--whitespace=nowarn', ...more, '-p1', '-'];
  const { code, stderr } = await askGit(apply, { ...options, input: text });
  return code === 0 ? null : stderr;
}

/**
 * Applies the part of a patch for one file that git does not apply as it is: the tree may have it already; or it applies
 * three-way, as with `git am -3`; or some of its hunks apply.
 * @param failure what git said of the part as a whole
 * @param mayAsk counts how often git may be asked for single hunks
 * @returns `done` where the tree has the change already, else what could not be applied
 */
export async function applyAnyway(
  file: FilePatch,
  failure: ApplyFailure,
  options: GitOptions,
  mayAsk: () => boolean,
): Promise<ApplyFailure | 'applied' | 'done'> {
  if (await isApplied(file.text, options)) return 'done';
  if (file.isBinary || file.hunks.length === 0 || failure.line === null || file.oldPath === null) return failure;
  if (file.newPath === null) return await notRemoved(file, failure, options);
  if (file.oldPath !== file.newPath) return failure;
  const merged = await mergeThreeWay(file, options);
  if (merged === 'clean') return 'applied';
  if (merged === 'same') return 'done';
  return await applyHunks(file, failure, options, mayAsk);
}

/** Whether a diff can be taken back: then what it does is done. */
async function isApplied(text: Buffer, options: GitOptions): Promise<boolean> {
  return (await applyText(text, options, '--reverse', '--check')) === null;
}

/** The failure to remove a file that has another text than the patch knows: git keeps such a file, and asks. */
async function notRemoved(file: FilePatch, failure: ApplyFailure, options: GitOptions): Promise<ApplyFailure> {
  const difference = await differenceAt(file, 0, options);
  if (!difference) return failure;
  return { ...failure, line: difference.line, reason: `it removes a file that has changed: ${difference.words}` };
}

/** The first line of a file that is not as a hunk expects it. */
async function differenceAt(file: FilePatch, index: number, options: GitOptions) {
  const { stdout } = await askGit(['cat-file', 'blob', `:${file.oldPath}`], options);
  const hunk = splitHunks(file).hunks[index] ?? Buffer.alloc(0);
  return firstDifference(stdout, hunk, file.hunks[index]?.oldStart ?? 1);
}

/** Applies each hunk by itself. One failure stands for all hunks of the file that do not apply. */
async function applyHunks(
  file: FilePatch,
  failure: ApplyFailure,
  options: GitOptions,
  mayAsk: () => boolean,
): Promise<ApplyFailure | 'applied' | 'done'> {
  const { header, hunks } = splitHunks(file);
  const failed: number[] = [];
  for (const [index, hunk] of hunks.entries()) {
    const text = Buffer.concat([header, hunk]);
    const isDone =
      mayAsk() && ((await applyText(text, options)) === null || (mayAsk() && (await isApplied(text, options))));
    if (!isDone) failed.push(index);
  }
  const [first] = failed;
  if (first === undefined) return 'applied';
  const difference = await differenceAt(file, first, options);
  return {
    ...failure,
    line: difference?.line ?? file.hunks[first]?.oldStart ?? 1,
    hunk: first + 1,
    reason: `${failure.reason}${difference ? `: ${difference.words}` : ''}`,
    failedHunks: failed.map((index) => index + 1),
  };
}
