import { type Expression, type FunctionUnit, isLoop, type Statement, visitExpressions } from '../../c/index.js';
import { isZeroLiteral } from '../../kernel/index.js';
import { assignmentsOf } from '../../program/index.js';
import { leaves } from './repeated-tests.js';

/** What tells a loop how often it goes round: a count that an object keeps, or a variable. */
export type Counter = 'member' | 'variable';

const known = new WeakMap<FunctionUnit, ReadonlyMap<number, Counter>>();

/**
 * What counts the rounds of the loop around a call: `member` for `while (x->pins) { dma_buf_unpin(a); x->pins--; }`.
 * @param at the offset of the call
 * @returns undefined for a call in no loop, or in one that counts nothing
 */
export function counterAround(unit: FunctionUnit, at: number): Counter | undefined {
  let found = known.get(unit);
  if (!found) {
    found = countersIn(unit);
    known.set(unit, found);
  }
  return found.get(at);
}

function countersIn(unit: FunctionUnit): ReadonlyMap<number, Counter> {
  const found = new Map<number, Counter>();
  visitExpressions(unit.body, (expression, statement, around) => {
    if (expression.kind !== 'call') return;
    const loop = [...around, statement].findLast(isLoop);
    const counter = loop && counterOf(loop, unit);
    if (counter) found.set(expression.at, counter);
  });
  return found;
}

function counterOf(loop: Statement, unit: FunctionUnit): Counter | undefined {
  if (loop.kind === 'macro-block') return undefined;
  const test = 'test' in loop ? loop.test : null;
  const asked = test ? leaves(test).map(askedPlace) : [];
  const counted: Expression[] = [];
  visitExpressions([loop], (one) => {
    if (one.kind === 'update') counted.push(one.operand);
    if (one.kind === 'assignment' && /^[-+]=$/.test(one.operator)) counted.push(one.target);
  });
  if ([...asked, ...counted].some((place) => place?.kind === 'member')) return 'member';
  // `i < x->pins`, and `n = x->pins; while (n--)`.
  const bounds = test ? leaves(test).flatMap((one) => (one.kind === 'binary' ? [one.left, one.right] : [one])) : [];
  if ([...bounds, ...counted].some((place) => isKeptElsewhere(place, unit))) return 'member';
  return counted.some(({ kind }) => kind === 'name') ? 'variable' : undefined;
}

/** Whether a value is a member, or a variable that gets the value of one, or by which one is lessened. */
function isKeptElsewhere(value: Expression, unit: FunctionUnit): boolean {
  const bare = value.kind === 'update' ? value.operand : value;
  if (bare.kind === 'member') return true;
  if (bare.kind !== 'name') return false;
  const isRead = (assignmentsOf(unit).values.get(bare.name) ?? []).some(({ kind }) => kind === 'member');
  return isRead || isTakenOff(bare.name, unit);
}

/** Whether a member counts what a variable says less: `x->pins -= n; while (n--)`. */
function isTakenOff(name: string, unit: FunctionUnit): boolean {
  let isLess = false;
  visitExpressions(unit.body, (one) => {
    if (one.kind !== 'assignment' || one.target.kind !== 'member') return;
    const { operator, value } = one;
    const isDifference = operator === '=' && value.kind === 'binary' && value.operator === '-';
    const less = operator === '-=' ? value : isDifference ? value.right : null;
    if (less?.kind === 'name' && less.name === name) isLess = true;
  });
  return isLess;
}

/** The x of `x`, `x > 0` and `x != 0`: a loop with this test ends only where x changes. */
function askedPlace(test: Expression): Expression | undefined {
  if (test.kind !== 'binary') return test;
  return isZeroLiteral(test.right) ? test.left : undefined;
}
