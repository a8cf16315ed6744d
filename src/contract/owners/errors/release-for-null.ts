// Does a function release what a member holds wherever that is not NULL?

import {
  type CallExpression,
  callsIn,
  type Expression,
  expressionsOf,
  stripCasts,
  visitStatements,
} from '../../../c/index.js';
import { apiFunction, isNullPointer } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../../program/index.js';
import { isFresh } from '../frees.js';
import { type HeldMember, isMember, type OwnerSearch, rootOf, withAliases } from '../members.js';
import { partsOf, testsBefore } from './asked-before.js';

/** How many callers up it is looked for what decides whether a release is called. */
const highest = 3;

/** Statements other than an if that may pass over what stands in them. */
const deciding: ReadonlySet<string> = new Set(['switch', 'while', 'for']);

/**
 * Where a function asks whether a member is NULL, and nothing else, before it releases it; undefined where it does not, or
 * where all who call it ask for something else before.
 */
export function askedForNullOnly(search: OwnerSearch, ref: FunctionRef, held: HeldMember): number | undefined {
  const { body } = search.codebase.program.lower(ref);
  const isHeld = (value: Expression): boolean => isMember(search, ref, stripCasts(value), held);
  const release = callsIn(body).find(({ name, call }) =>
    apiFunction(name ?? '', call.arguments.length)?.effects.some(({ kind, ...effect }) => {
      const argument = kind === 'release' && 'handle' in effect && typeof effect.handle === 'number';
      const value = argument ? call.arguments[effect.handle as number] : undefined;
      return value !== undefined && isHeld(value);
    }),
  );
  if (!release) return undefined;
  const tests = release.around.filter(({ kind }) => deciding.has(kind)).flatMap(expressionsOf);
  visitStatements(body, (statement) => {
    if (statement.kind === 'if' && statement.at < release.call.at) tests.push(statement.test);
  });
  const [test] = tests;
  const isOnly = test !== undefined && tests.length === 1 && isNullTest(test, isHeld);
  return isOnly && isReached(search, ref, held, highest) ? test.at : undefined;
}

/** Whether a test asks only whether a value is NULL: `p`, `!p`, `p == NULL`. */
function isNullTest(test: Expression, isValue: (value: Expression) => boolean): boolean {
  const bare = stripCasts(test);
  if (bare.kind === 'unary' && bare.operator === '!') return isNullTest(bare.operand, isValue);
  if (bare.kind === 'binary' && /^[=!]=$/.test(bare.operator))
    return (isValue(bare.left) && isNullPointer(bare.right)) || (isValue(bare.right) && isNullPointer(bare.left));
  return isValue(bare);
}

/** Whether somebody calls a function, on an object that is not new, without a test that shows how the object is. */
function isReached(search: OwnerSearch, ref: FunctionRef, held: HeldMember, height: number): boolean {
  const { codebase } = search;
  const callers = codebase.references.callersOf(ref);
  if (height === 0 || callers.length === 0 || isNamed(codebase, ref)) return true;
  return callers.some(
    ({ caller, call }) =>
      !call.arguments.some((argument) => isFresh(codebase, caller, argument)) &&
      !asksOfObject(search, caller, call, held) &&
      isReached(search, caller, held, height - 1),
  );
}

/** Whether a function is named other than in a call, as in a table. */
function isNamed({ references }: Codebase, ref: FunctionRef): boolean {
  const named = references.of(ref.outline.name, references.scope(ref));
  return named.some(({ isCall, at, path }) => !isCall && !(path === ref.path && at === ref.outline.nameAt));
}

/** Whether a test on the way to a call asks something of an object, other than whether it or the member is NULL. */
function asksOfObject(search: OwnerSearch, ref: FunctionRef, call: CallExpression, held: HeldMember): boolean {
  const unit = search.codebase.program.lower(ref);
  const objects = new Set(call.arguments.flatMap((argument) => rootOf(argument) ?? []));
  const isHeld = withAliases(unit, (value) => isMember(search, ref, value, held));
  const isObject = (value: Expression): boolean => value.kind === 'name' && objects.has(value.name);
  const { locals } = assignmentsOf(unit);
  const isOfObject = (value: Expression): boolean =>
    isObject(value) || (value.kind === 'member' && (value.arrow || !locals.has(rootOf(value) ?? '')));
  return testsBefore(unit, call).some(
    (test) =>
      !isNullTest(test, (value) => isHeld(value) || isObject(value)) && partsOf(unit, test, objects).some(isOfObject),
  );
}
