import type { Mail } from './mail.js';

/** The paths that the diffs of some mails change, sorted. */
export function changedPaths(mails: readonly Mail[]): readonly string[] {
  const paths = mails.flatMap(({ diff }) => [
    ...(diff?.toString('latin1') ?? '').matchAll(/^(?:diff --git a\/\S+ b\/(\S+)|\+\+\+ b\/(\S+))/gm),
  ]);
  return [...new Set(paths.map(([, ofGit, ofDiff]) => ofGit ?? ofDiff ?? ''))].sort();
}
