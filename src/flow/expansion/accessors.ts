// `#define ex_has(x, s) ((x)->done & (s))`: macros of the module that read or change a member of what they are given, or that
// make or test a flag: `#define EX_FLAG(n) (1 << (n))`.

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
/** `(1 << (n))`: a flag by its number. */
const flag = /^\(?\s*\(?1[UuLl]*\)?\s*<<\s*\(?\s*[A-Za-z_]\w*\s*\)?\s*\)?$/;
/** `(((word) & (bits)) == (bits))`: whether a word has some bits. Nothing but what the macro is given stands in it. */
const test = /^[\w\s()&!=~]*&[\w\s()&!=~]*$/;
/** An accessor that uses another is one, too, so many times. */
const deepest = 3;

/**
 * The macros that only read or change members, or make or test flags: what uses one is followed as the expression that it
 * expands to. A macro with several definitions is none, since the build chooses.
 */
export function accessorsAmong(
  { definitions }: Codebase,
  path: string,
  all: ReadonlyMap<string, MacroDefinition>,
): { has(name: string): boolean } {
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
    const { parameters = null, body = '' } = all.get(name) ?? {};
    if (member.test(body) || (parameters && isOfBits(body, parameters))) return true;
    return (
      depth < deepest && [...body.matchAll(called)].some(([, one = '']) => all.has(one) && reaches(one, depth + 1))
    );
  };
  const known = new Map<string, boolean>();
  const isAccessor = (name: string): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = all.has(name) && isPlain(name, 0) && reaches(name, 0);
      known.set(name, answer);
    }
    return answer;
  };
  // Whoever asks depends on the definitions of the name.
  return { has: (name) => isAccessor(name) && definitions.macroWays(name, path).length < 2 };
}

function isOfBits(body: string, parameters: readonly string[]): boolean {
  if (parameters.length === 0) return false;
  const names = body.match(/\b[A-Za-z_]\w*/g) ?? [];
  return flag.test(body) || (test.test(body) && names.every((name) => parameters.includes(name)));
}
