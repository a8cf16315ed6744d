// Does a function store in an object of others what its own scope releases when it returns?

import { callsIn, type Expression, stripCasts, visitExpressions, visitStatements } from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, objectOfKey, type Resource, reachable } from '../../../flow/index.js';
import {
  apiRow,
  declaresCleanup,
  isFailureTest,
  isHarmless,
  isInsertion,
  returnPointer,
  roleOf,
  takers,
} from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../../program/index.js';
import type { Misuse } from '../../model/lifetimes.js';
import { stepAt } from '../../places.js';

/** A store of a variable that is released at the end of its scope: `dev->buf = buf;`. */
interface Store {
  readonly variable: string;
  readonly member: string;
  /** The variable that leads to the member: `dev`. Empty where it is no variable. */
  readonly object: string;
  readonly at: number;
}

/**
 * Finds the stores of a variable with `__free()`, or another cleanup, in a member of an object that others know, where the
 * function succeeds and nothing takes the pointer from the variable. The object then holds what the scope has released.
 */
export function findReleasedByScope(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Misuse[] {
  return flows.flatMap((flow) => {
    if (!declaresCleanup(codebase.program.bodyText(flow.ref))) return [];
    const stores = storesOf(codebase, flow.ref);
    if (stores.length === 0) return [];
    return flow.exits.flatMap((exit) =>
      exit.outcome === 'error' ? [] : stores.flatMap((store) => releasedAt(codebase, flow, exit, store)),
    );
  });
}

function storesOf(codebase: Codebase, ref: FunctionRef): readonly Store[] {
  const unit = codebase.program.lower(ref);
  const { locals } = assignmentsOf(unit);
  const scoped = new Set<string>();
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'declaration' && statement.cleanup !== null) scoped.add(statement.name);
  });
  const stores: Store[] = [];
  visitExpressions(unit.body, (expression) => {
    if (expression.kind !== 'assignment' || expression.operator !== '=') return;
    const { target, at } = expression;
    const value = stripCasts(expression.value);
    if (target.kind !== 'member' || value.kind !== 'name' || !scoped.has(value.name)) return;
    if (isPartOfLocal(target, locals)) return;
    stores.push({ variable: value.name, member: target.member, object: rootOf(target), at });
  });
  return stores.filter((store) => !mayGainReference(codebase, ref, store));
}

function rootOf(place: Expression): string {
  if (place.kind === 'member') return rootOf(place.object);
  return place.kind === 'name' ? place.name : '';
}

/** Whether a place lies in a local variable: `job.src.buf`. */
function isPartOfLocal(place: Expression, locals: ReadonlySet<string>): boolean {
  if (place.kind === 'name') return locals.has(place.name);
  return place.kind === 'member' && !place.arrow && isPartOfLocal(place.object, locals);
}

/**
 * Whether a reference may be taken for the member: of the variable, of the member, or of a part, as in
 * `get_file(buf->file)`. Code that is not in the tree may take one, also where it gets the object with the member.
 */
function mayGainReference(codebase: Codebase, ref: FunctionRef, { variable, member, object }: Store): boolean {
  const isIt = (argument: Expression): boolean => {
    const bare = stripCasts(argument);
    if (bare.kind === 'name') return bare.name === variable || bare.name === object;
    return bare.kind === 'member' && (bare.member === member || isIt(bare.object));
  };
  return callsIn(codebase.program.lower(ref).body).some(({ name, call }) => {
    if (!call.arguments.some(isIt)) return false;
    if (name === null || roleOf(name) === 'ref') return true;
    if (apiRow(name) !== undefined || isHarmless(name) || isFailureTest(name)) return false;
    if (takers.has(name) || name === returnPointer || isInsertion(name)) return false;
    return codebase.definitions.findCandidate(name, ref.path) === undefined;
  });
}

function releasedAt(
  codebase: Codebase,
  { ref, parameters }: FunctionFlow,
  exit: FlowExit,
  { variable, member, at }: Store,
): readonly Misuse[] {
  const { state } = exit;
  const known = reachable(state, [...state.shared.keys(), ...parameters]);
  for (const [place, value] of state.heap) {
    if (!place.endsWith(`.${member}`)) continue;
    const object = objectOfKey(place);
    if (!known.has(object) || state.freed.has(object) || object === value) continue;
    const released = state.resources.find((one) => isReleasedHere(exit, ref, value, one));
    if (!released) continue;
    return [
      {
        kind: 'released-by-scope',
        resource: released.handle === value ? released.kind : null,
        path: ref.path,
        at,
        function: ref.outline.name,
        api: variable,
        keptIn: member,
        certainty: 'medium',
        trace: [
          stepAt(codebase, released.path, released.at, `taken here by ${released.api}()`),
          stepAt(codebase, ref.path, exit.at, `the scope of '${variable}' ends here, and releases it`),
        ],
      },
    ];
  }
  return [];
}

/** Whether a path has released, where it returns, what a value stands for, or what it held. */
function isReleasedHere(
  { state, at }: FlowExit,
  { path }: FunctionRef,
  value: Resource['handle'],
  { handle, status, count, end, holder }: Resource,
): boolean {
  if (status !== 'released' || count === 0 || !end) return false;
  if (handle === value) return end.path === path && end.at === at;
  return state.freed.has(value) && (holder === value || holds(state, value, handle));
}

function holds({ heap }: FlowExit['state'], object: Resource['handle'], handle: Resource['handle']): boolean {
  for (const [place, value] of heap) if (value === handle && objectOfKey(place) === object) return true;
  return false;
}
