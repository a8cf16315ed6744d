// Does an exporter unmap in the direction in which it mapped?

import { type Expression, stripCasts, visitStatements } from '../../c/index.js';
import { directionNames, isDirectionType, stepDirection } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, originsOf } from '../../program/index.js';
import type { CodeEvent } from '../calls/calls-in-order.js';
import type { ProgramPoint } from '../calls/program-point.js';
import type { StepCall, Undoing } from '../model/mappings.js';

/**
 * The direction that a call gets: a constant, with the call that it is written in, or the one that the op was called with.
 * Null where it is something else.
 */
type StepDirection =
  | { readonly kind: 'constant'; readonly name: string; readonly from: ProgramPoint }
  | { readonly kind: 'own' }
  | null;

/** Returns the calls that undo a step in a direction in which none of the calls does it. */
export function directionsOf(
  codebase: Codebase,
  does: readonly CodeEvent[],
  undoes: readonly CodeEvent[],
  about: Pick<Undoing, 'map' | 'unmap' | 'step' | 'does'>,
): readonly Undoing[] {
  const mapped = does.map((event) => directionOf(codebase, event));
  const [first] = mapped;
  if (!first || mapped.some((one) => !isSame(one, first))) return [];
  return undoes.flatMap((event): readonly Undoing[] => {
    const unmapped = directionOf(codebase, event);
    if (!unmapped || isSame(unmapped, first)) return [];
    // An op that refuses all directions but one may undo the map with that direction, but not with a different one.
    const isOfImporter = unmapped.kind === 'own' || first.kind === 'own';
    if (isOfImporter && comparesDirection(codebase, about.map)) return [];
    const from = unmapped.kind === 'constant' ? unmapped.from : event.point;
    const undone: StepCall = { ref: from.ref, at: from.at, api: calleeOf(from) ?? event.name };
    return [{ ...about, kind: 'direction', undoes: undone, mapped: wordFor(first), unmapped: wordFor(unmapped) }];
  });
}

/** The function that a point calls by its name. */
function calleeOf({ call }: ProgramPoint): string | undefined {
  return call?.callee.kind === 'name' ? call.callee.name : undefined;
}

function isSame(one: StepDirection, other: StepDirection): boolean {
  if (one?.kind === 'constant') return other?.kind === 'constant' && one.name === other.name;
  return one?.kind === other?.kind;
}

function wordFor(direction: NonNullable<StepDirection>): string {
  return direction.kind === 'constant' ? direction.name : "the importer's direction";
}

/** The direction at a call, followed up the calls that lead to it. */
function directionOf(codebase: Codebase, { name, point, chain }: CodeEvent): StepDirection {
  const index = stepDirection(name);
  const value = index === undefined ? undefined : point.call?.arguments[index];
  return value ? valueAt(codebase, value, [...chain, point]) : null;
}

/** @param way the calls from the op down to the function in which the value stands */
function valueAt(codebase: Codebase, value: Expression, way: readonly ProgramPoint[]): StepDirection {
  const here = way.at(-1);
  const bare = stripCasts(value);
  if (!here) return null;
  if (bare.kind === 'name' && directionNames.includes(bare.name))
    return { kind: 'constant', name: bare.name, from: here };
  const [origin, ...others] = originsOf(codebase.program.lower(here.ref), bare);
  if (!origin || others.length > 0) return null;
  if (origin.kind === 'variable' && origin.path.length === 0 && directionNames.includes(origin.name))
    return { kind: 'constant', name: origin.name, from: here };
  if (origin.kind !== 'parameter' || origin.path.length > 0) return null;
  const above = way.slice(0, -1);
  if (above.length === 0) return isDirection(here.ref, origin.index) ? { kind: 'own' } : null;
  const passed = above.at(-1)?.call?.arguments[origin.index];
  return passed ? valueAt(codebase, passed, above) : null;
}

function isDirection({ outline }: FunctionRef, index: number): boolean {
  return isDirectionType(outline.parameters[index]?.type ?? '');
}

/** Whether a function compares a direction with a constant, and so may refuse all others. */
function comparesDirection(codebase: Codebase, ref: FunctionRef): boolean {
  let found = false;
  const isConstant = (side: Expression): boolean => side.kind === 'name' && directionNames.includes(side.name);
  visitStatements(codebase.program.lower(ref).body, (statement) => {
    if (statement.kind !== 'if') return;
    const search = (test: Expression, isPart: boolean): void => {
      if (test.kind !== 'binary') return;
      // Of `if (readonly && dir != X) refuse` the others are refused only sometimes.
      const isSometimes = isPart && test.operator === '!=';
      if (!isSometimes && (isConstant(test.left) || isConstant(test.right))) found = true;
      for (const side of [test.left, test.right]) search(side, isPart || test.operator === '&&');
    };
    search(statement.test, false);
  });
  return found;
}
