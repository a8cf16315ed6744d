// Does a failing function forget the reference that came with a buffer from an allocator out of sight?

import {
  type CallExpression,
  type CallInBody,
  callsIn,
  type Expression,
  isLoop,
  stripCasts,
  visitStatements,
} from '../../../c/index.js';
import {
  type FlowExit,
  type FunctionFlow,
  isKnownElsewhere,
  mayBeGood,
  type Resource,
  reachable,
  saysItTakesReference,
} from '../../../flow/index.js';
import {
  apiRow,
  bufferFile,
  declaresBuffer,
  exporterPrivateMember,
  isAllocator,
  isErrorMacro,
  isNamedForAllocation,
  isNamedForMaking,
  roleOf,
} from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../../program/index.js';
import type { Leak } from '../../model/lifetimes.js';
import { describeWayOut, stepAt } from '../../places.js';
import { decisionSteps, isOfSomeKernels } from '../defects.js';

type Value = Resource['handle'];

/** A buffer that a function gets from an allocator that cannot be followed, and why the reference is the function's. */
interface Allocated {
  readonly call: CallExpression;
  readonly api: string;
  readonly value: Value;
  readonly certainty: Leak['certainty'];
}

/**
 * Finds the failures that forget a buffer which a callee out of sight has made, as its name says. That it came with a reference
 * is shown by another failure, which puts what no call of the path took; or the function makes buffers itself, and returns
 * this one where it succeeds.
 */
export function findUnputAllocations(codebase: Codebase, flows: readonly FunctionFlow[]): readonly Leak[] {
  return flows.flatMap((flow) => {
    if (flow.incomplete !== null || flow.exits.length < 2) return [];
    const allocated = allocatedIn(codebase, flow);
    if (!allocated) return [];
    return flow.exits
      .filter((exit) => exit.outcome === 'error' && isForgotten(exit, allocated.value))
      .map((exit) => leakOf(codebase, flow.ref, exit, allocated));
  });
}

function allocatedIn(codebase: Codebase, { ref, exits }: FunctionFlow): Allocated | undefined {
  const { program } = codebase;
  if (saysItTakesReference(codebase, ref)) return undefined;
  const makers = callsIn(program.lower(ref).body).flatMap((one) => {
    const variable = isNamedMaker(one) ? variableOf(codebase, ref, one.call) : undefined;
    return variable !== undefined && isUnseen(codebase, ref, one) ? [{ ...one, variable }] : [];
  });
  const [only, ...others] = makers;
  const api = only ? calleeName(only.call) : null;
  if (!only || api === null || others.length > 0 || only.around.some(isLoop)) return undefined;
  const { variable } = only;
  if (leadsOn(program.bodyText(ref), variable)) return undefined;
  const put = exits.flatMap((exit) => (exit.outcome === 'error' ? putsOf(codebase, ref, exit, variable) : []))[0];
  if (put !== undefined) return { call: only.call, api, value: put, certainty: 'medium' };
  const returned = makesBuffers(ref) ? returnedIn(codebase, ref, exits, variable) : undefined;
  return returned === undefined || !isNamedForAllocation(api)
    ? undefined
    : { call: only.call, api, value: returned, certainty: 'low' };
}

/** Whether a function returns a new buffer, as its name says. */
function makesBuffers({ outline }: FunctionRef): boolean {
  return isNamedForAllocation(outline.name) && declaresBuffer(outline.returnType);
}

function calleeName({ callee }: CallExpression): string | null {
  if (callee.kind === 'name') return callee.name;
  return callee.kind === 'member' ? callee.member : null;
}

/** Whether what a call calls is named for what it makes. */
function isNamedMaker({ call }: CallInBody): boolean {
  const named = calleeName(call);
  return named !== null && isNamedForMaking(named) && !isAllocator(named) && !apiRow(named);
}

/** Whether a call is of a function that is only declared, or through a pointer. */
function isUnseen({ definitions }: Codebase, { path }: FunctionRef, { name }: CallInBody): boolean {
  return name === null || (definitions.find(name, path) === undefined && definitions.macro(name, path) === undefined);
}

/** The buffer among the local variables that gets what a call returns, and else nothing but NULL and errors. */
function variableOf({ program }: Codebase, ref: FunctionRef, call: CallExpression): string | undefined {
  const unit = program.lower(ref);
  const { values } = assignmentsOf(unit);
  const locals = new Set<string>();
  visitStatements(unit.body, (one) => {
    if (one.kind === 'declaration' && declaresBuffer(one.type)) locals.add(one.name);
  });
  const isIt = (value: Expression): boolean => stripCasts(value).at === call.at;
  for (const [name, given] of values)
    if (locals.has(name) && given.some(isIt) && given.every((value) => isIt(value) || isNone(value))) return name;
  return undefined;
}

function isNone(value: Expression): boolean {
  const bare = stripCasts(value);
  return (
    bare.kind === 'literal' ||
    (bare.kind === 'name' && bare.name === 'NULL') ||
    (bare.kind === 'call' && bare.callee.kind === 'name' && isErrorMacro(bare.callee.name))
  );
}

/** The buffers of a variable that a way out puts, though no call of the path has taken the reference. */
function putsOf({ program }: Codebase, ref: FunctionRef, { state }: FlowExit, variable: string): readonly Value[] {
  const puts = callsIn(program.lower(ref).body).filter(({ name }) => roleOf(name ?? '') === 'put');
  return state.resources.flatMap(({ kind, status, count, function: putter, path, at, handle }) => {
    const isFound = kind === 'reference' && status === 'released' && count === 0;
    if (!isFound || path !== ref.path || putter !== ref.outline.name || isKnownElsewhere(state, handle)) return [];
    const [buffer] = puts.find(({ call }) => call.at === at)?.call.arguments ?? [];
    return buffer?.kind === 'name' && buffer.name === variable ? [handle] : [];
  });
}

/** Whether a function gets from a buffer to what may put it: `fput(buf->file)`, `heap_obj_put(buf->priv)`. */
function leadsOn(code: string, variable: string): boolean {
  return new RegExp(`\\b${variable}\\s*->\\s*(?:${bufferFile}|${exporterPrivateMember})\\b`).test(code);
}

/** What a variable held that a way out returns with success. */
function returnedIn(
  { program }: Codebase,
  ref: FunctionRef,
  exits: readonly FlowExit[],
  variable: string,
): Value | undefined {
  const code = program.file(ref.path)?.code ?? '';
  const returned = new RegExp(`^return\\s*\\(?\\s*${variable}\\s*\\)?\\s*;`);
  const exit = exits.find(
    ({ outcome, at, value }) => outcome === 'success' && value !== null && returned.test(code.slice(at)),
  );
  return exit?.value ?? undefined;
}

/** Whether a way out has the buffer, and nobody got it: no object, no callee, no caller. */
function isForgotten({ state, value }: FlowExit, buffer: Value): boolean {
  if (!state.signs.has(buffer) || !mayBeGood(state, buffer) || isKnownElsewhere(state, buffer)) return false;
  if (state.resources.some(({ kind, handle }) => kind === 'reference' && handle === buffer)) return false;
  if ([...state.heap].some(([, held]) => held === buffer)) return false;
  return value === null || !reachable(state, [value]).has(buffer);
}

function leakOf(codebase: Codebase, ref: FunctionRef, exit: FlowExit, { call, api, certainty }: Allocated): Leak {
  const { path, outline } = ref;
  const taken = { path, at: call.at };
  return {
    kind: 'reference',
    outcome: exit.outcome,
    leaver: outline.name,
    refused: null,
    wasTold: false,
    closedBy: null,
    failedAfter: null,
    ...taken,
    function: outline.name,
    api,
    certainty: isOfSomeKernels(exit.state.decisions) ? 'low' : certainty,
    trace: [
      ...decisionSteps(codebase, exit.state.decisions, taken),
      stepAt(
        codebase,
        path,
        exit.at,
        `${outline.name}() ${describeWayOut(codebase, path, exit.at)}, and nothing has put it`,
      ),
    ],
  };
}
