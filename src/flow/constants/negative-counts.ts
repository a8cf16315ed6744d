// `if (atomic_inc_and_test(&x->users))`: which counts begin at -1, so that the first user makes them 0?

import { type CallExpression, callsIn, type Expression, visitExpressions } from '../../c/index.js';
import { asksForNegative, countSteps, makesCount } from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';
import { constantSigns } from '../evaluate/sign-tests.js';
import { bad, zero } from '../state/value.js';

/** Whether a file treats the atomic number in a member, or variable, of this name as one that may be negative. */
export function mayBeNegative(codebase: Codebase, path: string, name: string): boolean {
  return negativeCounts(codebase, path).has(name);
}

/**
 * The members and variables of a file that are counts, and which it sets to a negative number, asks for one, or takes for used
 * where counting up makes them 0.
 */
function negativeCounts({ memory, program }: Codebase, path: string): ReadonlySet<string> {
  return memory.recall(`negative-counts\0${path}`, () => {
    const found = new Set<string>();
    const note = (place: Expression | undefined): void => {
      const name = place && nameOf(place);
      if (name) found.add(name);
    };
    for (const [, name = '', macro = ''] of (program.file(path)?.code ?? '').matchAll(madeNegative))
      if (makesCount(macro)) found.add(name);
    for (const ref of functionsIn(program, path)) {
      if (!maySayNegative(program.bodyText(ref))) continue;
      const { body } = program.lower(ref);
      for (const { call } of callsIn(body)) {
        const given = countGiven(call);
        if (given?.isNegative) note(given.count);
      }
      visitExpressions(body, (one) => note(raisedToZero(one)));
    }
    return found;
  });
}

/** Whether a body calls a function that may show that its count is negative. Most bodies need not be parsed. */
const maySayNegative = (code: string): boolean =>
  (code.match(/\b[a-z]\w*(?=\s*\()/g) ?? []).some(
    (name) => asksForNegative(name) || countSteps.get(name)?.change.kind === 'to-argument' || isRaise(name),
  );

/** Whether a function counts up, and returns the count after that. */
function isRaise(name: string): boolean {
  const step = countSteps.get(name);
  return step?.result === 'after' && step.change.kind === 'by' && step.change.number > 0;
}

/** `users = ATOMIC_INIT(-1)` */
const madeNegative = /(\w+)\s*=\s*(\w+)\s*\(\s*-\s*\d/g;

/** The count that a call gets, and whether the call only makes sense for one that may be negative. */
function countGiven(call: CallExpression): { readonly count: Expression; readonly isNegative: boolean } | undefined {
  const name = call.callee.kind === 'name' ? call.callee.name : '';
  const step = countSteps.get(name);
  const count = step ? call.arguments[step.count] : asksForNegative(name) ? call.arguments.at(-1) : undefined;
  if (!count) return undefined;
  const to = step?.change.kind === 'to-argument' ? call.arguments[step.change.argument] : undefined;
  return { count, isNegative: asksForNegative(name) || (to !== undefined && constantSigns(to) === bad) };
}

/** The count of `atomic_inc_return(&x->users) == 0` and `!atomic_inc_return(&x->users)`. */
function raisedToZero(test: Expression): Expression | undefined {
  const isZero = (one: Expression): boolean => constantSigns(one) === zero;
  const raised =
    test.kind === 'unary' && test.operator === '!'
      ? test.operand
      : test.kind === 'binary' && /^[=!]=$/.test(test.operator) && isZero(test.right)
        ? test.left
        : undefined;
  if (raised?.kind !== 'call' || raised.callee.kind !== 'name') return undefined;
  const { name } = raised.callee;
  return isRaise(name) ? raised.arguments[countSteps.get(name)?.count ?? 0] : undefined;
}

/** The last name of a place: `users` for `&x->users` and for `&users`. */
function nameOf(place: Expression): string | undefined {
  if (place.kind === 'unary' && place.operator === '&') return nameOf(place.operand);
  return place.kind === 'member' ? place.member : place.kind === 'name' ? place.name : undefined;
}
