import type { FilePatch } from '../diff/diff.js';
import type { ApplyFailure } from '../git/patching.js';

/**
 * Parts a patch from the files that it removes without their lines, as `git format-patch --irreversible-delete` writes it.
 * Git does not apply them, and one failure stands for all.
 * @param sizeOf the size of a file before the patch, by path; 0 where there is none
 */
export function partBareRemovals(
  files: readonly FilePatch[],
  sizeOf: (path: string) => number,
): { readonly usable: readonly FilePatch[]; readonly failures: readonly ApplyFailure[] } {
  const bare = new Set(files.filter((file) => isBareRemoval(file) && sizeOf(file.oldPath ?? '') > 0));
  const [first] = bare;
  if (!first) return { usable: files, failures: [] };
  const more =
    bare.size === 2 ? '; the same of 1 more file' : bare.size > 2 ? `; the same of ${bare.size - 1} more files` : '';
  const reason = `the patch removes it without its lines, as \`git format-patch --irreversible-delete\` does, and git am refuses that${more}`;
  return {
    usable: files.filter((file) => !bare.has(file)),
    failures: [{ path: first.oldPath ?? '', line: null, hunk: null, hunks: 0, reason }],
  };
}

/** Whether a patch removes a file and says nothing of what it holds. An empty file has nothing to say. */
function isBareRemoval({ newPath, hunks, isBinary }: FilePatch): boolean {
  return newPath === null && hunks.length === 0 && !isBinary;
}
