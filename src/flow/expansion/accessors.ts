// `#define ex_has(x, s) ((x)->done & (s))`: macros of the module that read or change a member of what they are given.

import { bitFunctions, isHarmless, makesBit } from '../../kernel/index.js';
import type { Codebase, MacroDefinition } from '../../program/index.js';

const jump = /\b(?:goto|return|break|continue|asm)\b/;
/** `({ int _r = (expr); if (_r) (x)->state = _r; _r; })`: the value of such a block is not tied to what it tested inside. */
const decidesInside = /\(\{[\s\S]*\bif\b/;
/** A member of an object behind a pointer, or of one that an argument is. */
const member = /->\s*\w|\)\s*\.\s*[A-Za-z_]/;
const called = /\b([A-Za-z_]\w*)\s*\(/g;
/** Words before a parenthesis that are no calls. */
const words: ReadonlySet<string> = new Set(['do', 'while', 'if', 'sizeof', 'typeof', '__typeof__']);
/** An accessor that uses another is one, too, so many times. */
const deepest = 3;

/**
 * The macros that only read or change members: what uses one is followed as the expression that it expands to. A macro with
 * several definitions is none, since the build chooses.
 */
export function accessorsAmong(
  { definitions }: Codebase,
  path: string,
  all: ReadonlyMap<string, MacroDefinition>,
): ReadonlySet<string> {
  const mayCall = (name: string, depth: number): boolean =>
    words.has(name) || bitFunctions.has(name) || makesBit(name) || isHarmless(name) || isPlain(name, depth);
  const isPlain = (name: string, depth: number): boolean => {
    const macro = depth > deepest ? undefined : all.get(name);
    const { parameters, body } = macro ?? { parameters: null, body: '' };
    if (!parameters || parameters.some((one) => !/^\w+$/.test(one))) return false;
    if (jump.test(body) || decidesInside.test(body)) return false;
    const calls = [...body.matchAll(called)].map(([, one = '']) => one);
    return calls.every((one) => !parameters.includes(one) && mayCall(one, depth + 1));
  };
  const reaches = (name: string, depth: number): boolean => {
    const body = all.get(name)?.body ?? '';
    if (member.test(body)) return true;
    return (
      depth < deepest && [...body.matchAll(called)].some(([, one = '']) => all.has(one) && reaches(one, depth + 1))
    );
  };
  const found = [...all.keys()].filter((name) => isPlain(name, 0) && reaches(name, 0));
  return new Set(found.filter((name) => definitions.macroWays(name, path).length < 2));
}
