import { type Codebase, type FunctionRef, functionAt, memoByFile, plain } from '../../program/index.js';

/**
 * Returns the functions of one file in whose code a pattern matches, each once, in the order of the first match. A file
 * whose text does not match is not outlined.
 * @param pattern with the flag `g`
 * @param counts whether a match counts
 */
export function functionsMatching(
  codebase: Codebase,
  path: string,
  pattern: RegExp,
  counts?: (match: RegExpMatchArray) => boolean,
): readonly FunctionRef[] {
  if (counts) return matchingIn(codebase, path, pattern, counts);
  const question = `matching\0${pattern.source}`;
  return memoByFile(codebase, path, question, () => matchingIn(codebase, path, pattern, () => true), plain());
}

function matchingIn(
  codebase: Codebase,
  path: string,
  pattern: RegExp,
  counts: (match: RegExpMatchArray) => boolean,
): readonly FunctionRef[] {
  const found = new Map<number, FunctionRef>();
  if ((codebase.program.peek(path) ?? '').search(pattern) < 0) return [];
  for (const match of codebase.program.file(path)?.code.matchAll(pattern) ?? []) {
    const ref = counts(match) ? functionAt(codebase.program, path, match.index) : undefined;
    if (ref) found.set(ref.outline.start, ref);
  }
  return [...found.values()];
}
