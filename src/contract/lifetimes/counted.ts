// Does a count decide whether a step takes or releases?

import type { FunctionFlow } from '../../flow/index.js';
import { isDrop, mentionsCount, roleOf } from '../../kernel/index.js';
import { type Codebase, functionAt, memoByFunction, plain } from '../../program/index.js';

/** An assignment that counts a member down. */
const lessened = /(?:->|\.)\s*\w+\s*-=/;

const counter = /(?:->|\.)\s*\w+\s*(?:\+\+|--)|(?:\+\+|--)\s*[\w>.\-[\]]*(?:->|\.)\s*\w/;

/**
 * Whether a function is only asked what its steps do one after another, and a step at one of these places counts: whether the
 * second step does anything then depends on the count, which is not followed as far.
 */
export function dependsOnCount(
  codebase: Codebase,
  { isAskedBesides }: FunctionFlow,
  places: readonly ({ readonly path: string; readonly at: number } | null)[],
): boolean {
  if (!isAskedBesides) return false;
  return places.some((place) => {
    const step = place && functionAt(codebase.program, place.path, place.at);
    if (!step) return false;
    return memoByFunction(
      codebase,
      step,
      'counts-members',
      () => {
        const body = codebase.program.bodyText(step);
        return (
          counter.test(body) ||
          [...body.matchAll(/\b(\w+)\s*\(/g)].some(([, name = '']) => isDrop(name) && roleOf(name) === undefined)
        );
      },
      plain(),
    );
  });
}

/** Whether the function at a place counts in any way: then it may not repeat the second time what it did the first time. */
export function mayCount(codebase: Codebase, { path, at }: { readonly path: string; readonly at: number }): boolean {
  const step = functionAt(codebase.program, path, at);
  const body = step ? codebase.program.bodyText(step) : '';
  return counter.test(body) || lessened.test(body) || mentionsCount(body);
}
