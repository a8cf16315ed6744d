// Does somebody keep a descriptor that a function leaves installed, and close it?

import {
  callsIn,
  expressionText,
  type FunctionUnit,
  isLoop,
  type Statement,
  visitExpressions,
  visitStatements,
} from '../../../c/index.js';
import { type FlowExit, type FunctionFlow, objectOfKey, type Resource } from '../../../flow/index.js';
import { closesDescriptor } from '../../../kernel/index.js';
import type { Codebase } from '../../../program/index.js';

/**
 * Whether a descriptor is one of many that somebody keeps: the caller of its maker, who closes it from there, or the
 * function itself, which closes those of earlier rounds, tells how many it has made, or stores each beside its buffer.
 */
export function isKeptByCaller(
  codebase: Codebase,
  flow: FunctionFlow,
  { state }: FlowExit,
  { resource, wasTold }: { readonly resource: Resource; readonly wasTold: boolean },
): boolean {
  const { kind, function: maker, isElement, end } = resource;
  if (kind !== 'fd') return false;
  // Code that closes descriptors in a loop has several, and this path knows only one of them.
  if (end?.kind === 'closed') return isElement;
  const { ref } = flow;
  const unit = codebase.program.lower(ref);
  if (maker === ref.outline.name)
    return (
      isElement && wasTold && (closesSome(codebase, unit) || tellsCount(unit) || standsBesideBuffer(state, resource))
    );
  if (!isElement && isUntold(codebase, flow, state, resource)) return false;
  if (isElement || (wasTold && end?.kind !== 'given-to-caller')) return true;
  return wasTold && loopCalls(unit.body, maker);
}

/**
 * Whether the number is lost: the copy to user space has failed, or the next descriptor could not be made, and nobody
 * passes the number on later. No test looks at the member first, and no other function of the file reads the member. A loop
 * that makes descriptors, or a caller that closes some, may know the earlier ones.
 */
function isUntold(
  codebase: Codebase,
  { ref }: FunctionFlow,
  { decisions }: FlowExit['state'],
  { failedAfter, end, path, at, function: maker }: Resource,
): boolean {
  if (!failedAfter || end?.kind !== 'stored') return false;
  const { program, references } = codebase;
  const isOneOfMany = (): boolean =>
    loopCalls(program.lower(ref).body, maker) ||
    references.callersOf(ref).some(({ caller }) => closesSome(codebase, program.lower(caller)));
  if (!failedAfter.wasCopy && isOneOfMany()) return false;
  const member = new RegExp(`\\b${end.in}\\b`);
  const isAsked = decisions.some(
    (one) => one.kind === 'test' && (one.path !== path || one.at < at) && member.test(expressionText(one.test)),
  );
  const others = (program.file(path)?.unit.functions ?? []).filter(
    ({ name }) => name !== maker && name !== ref.outline.name,
  );
  return !isAsked && !others.some((outline) => member.test(program.bodyText({ path, outline })));
}

/** Whether a descriptor is kept in the structure that its buffer is in, where a caller may read it back. */
function standsBesideBuffer(state: FlowExit['state'], { handle, of }: Resource): boolean {
  if (of === null) return false;
  const owners = ownersOf(state, of);
  return [...ownersOf(state, handle)].some((owner) => owners.has(owner));
}

/** The objects that hold a value, and for an element of an array the object that has the array. */
function ownersOf({ heap }: FlowExit['state'], value: number): ReadonlySet<number> {
  const found = new Set<number>();
  const arrays = new Set<number>();
  for (const [key, held] of heap) if (held === value) (key.includes('.[') ? arrays : found).add(objectOfKey(key));
  for (const [key, held] of heap) if (arrays.has(held)) found.add(objectOfKey(key));
  return found;
}

/** Whether a function closes descriptors, itself or in a callee. */
function closesSome({ definitions, program }: Codebase, { body, path }: FunctionUnit): boolean {
  return callsIn(body).some(({ name }) => {
    if (name === null) return false;
    if (closesDescriptor(name)) return true;
    const callee = definitions.findNear(name, path);
    return (
      callee !== undefined && callsIn(program.lower(callee).body).some((call) => closesDescriptor(call.name ?? ''))
    );
  });
}

/** Whether a function stores a counter in a member, as in `args->count = i`: whoever reads it knows how many there are. */
function tellsCount({ body }: FunctionUnit): boolean {
  const counters = new Set<string>();
  visitExpressions(body, (expression) => {
    if (expression.kind === 'update' && expression.operand.kind === 'name') counters.add(expression.operand.name);
  });
  let found = false;
  visitExpressions(body, (expression) => {
    if (expression.kind !== 'assignment' || expression.target.kind === 'name') return;
    if (expression.value.kind === 'name' && counters.has(expression.value.name)) found = true;
  });
  return found;
}

/** Whether a loop calls a function. */
function loopCalls(body: readonly Statement[], name: string): boolean {
  let found = false;
  visitStatements(body, (statement) => {
    if (isLoop(statement) && callsIn(statement.body).some((call) => call.name === name)) found = true;
  });
  return found;
}
