// Which comparisons does a function keep in a member, or in a variable that it tests, beside other tests of what it has compared?

import {
  type Expression,
  type FunctionUnit,
  subexpressions,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import { isConstantName } from '../evaluate/named-constants.js';
import { graphOf } from './build-graph.js';
import { leaves } from './repeated-tests.js';

const known = new WeakMap<FunctionUnit, ReadonlySet<number>>();

/**
 * Whether a comparison is kept so: `same = mode == EX_SAME; if (same) …; if (mode == EX_SAME) …`. The paths for both answers
 * stay apart then; of any other variable both answers are seldom tested.
 */
export function isKeptAndTested(unit: FunctionUnit, comparison: Expression): boolean {
  let offsets = known.get(unit);
  if (!offsets) {
    offsets = keptAndTested(unit);
    known.set(unit, offsets);
  }
  return offsets.has(comparison.at);
}

function keptAndTested(unit: FunctionUnit): ReadonlySet<number> {
  // A member may be tested by other functions: it has no name here.
  const kept: { readonly name: string | null; readonly value: Expression }[] = [];
  visitStatements(unit.body, (one) => {
    if (one.kind === 'declaration' && one.value && isComparison(one.value))
      kept.push({ name: one.name, value: one.value });
  });
  visitExpressions(unit.body, (one) => {
    if (one.kind !== 'assignment' || one.operator !== '=' || !isComparison(one.value)) return;
    if (one.target.kind === 'name') kept.push({ name: one.target.name, value: one.value });
    if (one.target.kind === 'member') kept.push({ name: null, value: one.value });
  });
  if (kept.length === 0) return new Set();
  const tests = graphOf(unit).nodes.flatMap((node) => (node.kind === 'test' ? leaves(node.test) : []));
  const isTested = (name: string | null): boolean =>
    name === null || tests.some((test) => test.kind === 'name' && test.name === name);
  // What is stored in a member as well may be compared again by a function that gets the object.
  const compared = new Set([...tests.filter(isComparison).flatMap(namesIn), ...namesStored(unit)]);
  return new Set(
    kept
      .filter(({ name, value }) => isTested(name) && namesIn(value).some((one) => compared.has(one)))
      .map(({ value }) => value.at),
  );
}

function isComparison(value: Expression): boolean {
  return value.kind === 'binary' && /^(?:[=!]=|[<>]=?)$/.test(value.operator);
}

/** The variables whose values a function stores in members: `b->mode = mode`. */
function namesStored(unit: FunctionUnit): readonly string[] {
  const found: string[] = [];
  visitExpressions(unit.body, (one) => {
    if (one.kind !== 'assignment' || one.operator !== '=' || one.target.kind !== 'member') return;
    if (one.value.kind === 'name') found.push(...namesIn(one.value));
  });
  return found;
}

/** The variables and members that an expression reads. */
function namesIn(value: Expression): readonly string[] {
  const own = value.kind === 'member' ? [`.${value.member}`] : value.kind === 'name' ? [value.name] : [];
  return [...own.filter((name) => !isConstantName(name)), ...subexpressions(value).flatMap(namesIn)];
}
