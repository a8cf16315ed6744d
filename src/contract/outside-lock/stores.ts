// Which members say that a resource is there, and which say that it is gone?

import { type CallExpression, type Expression, lvalueText } from '../../c/index.js';
import { expressionsIn, graphOf, nodeOfCall } from '../../flow/index.js';
import { entrySetterOf, parameterIndex, partsOfMap, roleOf, setterOf } from '../../kernel/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { isCallResult } from '../calls/origins.js';
import { rootOf } from '../owners/members.js';
import { indexOfEntry, isEntryWith } from './entries.js';
import { has } from './nodes.js';

/** A call that takes, or gives back, an attachment, a mapping or a pin. */
export interface Take {
  /** The function of the API. */
  readonly api: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  /** The call is that of a helper, and its result says only whether it worked. */
  readonly isStatus?: boolean;
}

/** A store into a member that says that a resource is there. */
export interface Store {
  /** As {@link lvalueText} writes it. */
  readonly member: string;
  /** The index of an entry; undefined where the member is no collection. */
  readonly index: string | undefined;
  readonly node: number;
}

/** The members that get the result of a call, or a flag after it. */
export function storesAfter(codebase: Codebase, { ref, call, api, isStatus = false }: Take): readonly Store[] {
  const unit = codebase.program.lower(ref);
  const filled = isStatus ? [] : filledBy(api, call);
  const stores = graphOf(unit).nodes.flatMap((node, index) => {
    const found: Store[] = [];
    for (const expression of expressionsIn(node))
      has(expression, (inner) => {
        const member = storedMember(inner);
        if (member === null) return false;
        const value = storedValue(inner);
        const isResult = (of: Expression): boolean =>
          !isStatus && (isCallResult(unit, of, call.at) || isEntryWith(unit, node, inner, call));
        const isMeant =
          (value !== null && (isResult(value) || (inner.at > call.at && isPartOf(value, filled)))) ||
          (inner.at > call.at && (inner.kind === 'update' || (value !== null && isSet(value))));
        if (isMeant) found.push({ member, index: indexOfEntry(inner), node: index });
        return false;
      });
    return found;
  });
  const node = nodeOfCall(graphOf(unit), call);
  return [
    ...filled.filter((one) => one.includes('.')).map((member) => ({ member, index: undefined, node })),
    ...stores,
  ];
}

/** The variable or member that a call fills, and what says in it that it is filled: the map of a vmap. */
function filledBy(api: string, call: CallExpression): readonly string[] {
  if (roleOf(api) !== 'vmap') return [];
  const map = call.arguments[parameterIndex('vmap', 'kernel-mapping')];
  const text = map?.kind === 'unary' && map.operator === '&' ? lvalueText(map.operand) : null;
  return text === null ? [] : [text, ...partsOfMap.map((part) => `${text}.${part}`)];
}

/** `map`, `map.vaddr` where the call has filled `map`. */
function isPartOf(value: Expression, filled: readonly string[]): boolean {
  const text = filled.length > 0 ? lvalueText(value) : null;
  return text !== null && filled.includes(text);
}

/** The members that a call gives back, or that are cleared after it; the way to the call is what counts. */
export function undoneBy(codebase: Codebase, { ref, call }: Take): readonly Store[] {
  const unit = codebase.program.lower(ref);
  const node = nodeOfCall(graphOf(unit), call);
  const given = call.arguments.flatMap((argument) =>
    argument.kind === 'member' && rootOf(argument) !== null ? (lvalueText(argument) ?? []) : [],
  );
  const cleared = clearedIn(codebase, ref, call.at);
  return [...new Set([...given, ...cleared])].map((member) => ({ member, index: undefined, node }));
}

/** The members that a function sets to NULL, 0 or false after an offset. */
export function clearedIn(codebase: Codebase, ref: FunctionRef, after: number): readonly string[] {
  const found: string[] = [];
  for (const node of graphOf(codebase.program.lower(ref)).nodes)
    for (const expression of expressionsIn(node))
      has(expression, (inner) => {
        const value = storedValue(inner);
        const member = inner.at > after && value && isCleared(value) ? storedMember(inner) : null;
        if (member !== null) found.push(member);
        return false;
      });
  return found;
}

function isCleared(value: Expression): boolean {
  return (
    (value.kind === 'name' && (value.name === 'NULL' || value.name === 'false')) ||
    (value.kind === 'literal' && value.text === '0')
  );
}

/** The member that an expression stores into, or counts up; null for any other expression. */
function storedMember(expression: Expression): string | null {
  const target = expression.kind === 'assignment' ? expression.target : macroStore(expression)?.target;
  if (target?.kind === 'member') return lvalueText(target);
  const isCount = expression.kind === 'update' && expression.operator === '++' && expression.operand.kind === 'member';
  return isCount ? lvalueText(expression.operand) : null;
}

/** The target and the value of a store; null if the expression stores nothing. */
function storedValue(expression: Expression): Expression | null {
  return expression.kind === 'assignment' ? expression.value : (macroStore(expression)?.value ?? null);
}

/** The parts of `WRITE_ONCE(bo->sgt, sgt)` and of `smp_store_release(&bo->sgt, sgt)`. */
function macroStore(expression: Expression): { readonly target: Expression; readonly value: Expression } | undefined {
  const setter =
    expression.kind === 'call' && expression.callee.kind === 'name'
      ? (setterOf(expression.callee.name) ?? entrySetterOf(expression.callee.name))
      : undefined;
  if (expression.kind !== 'call' || !setter || setter.value === null) return undefined;
  const place = expression.arguments[setter.target];
  const value = expression.arguments[setter.value];
  const target = place?.kind === 'unary' && place.operator === '&' ? place.operand : place;
  return target && value ? { target, value } : undefined;
}

function isSet(value: Expression): boolean {
  return (value.kind === 'name' && value.name === 'true') || (value.kind === 'literal' && value.text === '1');
}
