// Which members of an object do some functions change?

import { callsIn, type Expression, type FunctionUnit, subexpressions, visitExpressions } from '../../c/index.js';
import { changesMember, dmaBufCore, isHarmless } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';

/** Members that lead to another object: they are no part of the state of this one. */
const linkMembers: ReadonlySet<string> = new Set(['priv', 'dmabuf', 'dma_buf', 'resv', 'dev', 'base']);

/** Returns the members that functions, and the helpers that they call directly, change: the state that later tests can ask for. */
export function stateMembers(codebase: Codebase, refs: readonly FunctionRef[]): ReadonlySet<string> {
  const all = new Map(refs.map((ref) => [functionKey(ref), ref]));
  for (const ref of refs)
    for (const { name } of callsIn(codebase.program.lower(ref).body)) {
      const helper = name ? codebase.definitions.findNear(name, ref.path) : undefined;
      if (helper && helper.path !== dmaBufCore) all.set(functionKey(helper), helper);
    }
  return new Set(
    [...all.values()].flatMap((ref) => [
      ...changedMembers(codebase.program.lower(ref)),
      ...callsIn(codebase.program.lower(ref).body).flatMap(({ name }) => macroMembers(codebase, name, ref.path)),
    ]),
  );
}

/** The members in the text of a macro: what `#define EX_SET(b, s) WRITE_ONCE((b)->state, EX_##s)` changes, or a test asks. */
export function macroMembers(codebase: Codebase, name: string | null, from: string): readonly string[] {
  if (name === null || isHarmless(name)) return [];
  const body = codebase.definitions.macro(name, from) ?? '';
  return [...body.matchAll(/(?:->|\.)\s*([a-z_]\w*)/g)].flatMap(([, member = '']) =>
    linkMembers.has(member) ? [] : [member],
  );
}

function changedMembers(unit: FunctionUnit): ReadonlySet<string> {
  const members = new Set<string>();
  visitExpressions(unit.body, (expression) => {
    if (expression.kind === 'assignment' && expression.target.kind === 'member') members.add(expression.target.member);
    if (expression.kind === 'update' && expression.operand.kind === 'member') members.add(expression.operand.member);
    if (expression.kind === 'call' && expression.callee.kind === 'name' && changesMember(expression.callee.name))
      for (const argument of expression.arguments) for (const field of fieldsIn(unit, argument)) members.add(field);
  });
  return members;
}

/**
 * Returns the field that a member expression ends in, after the structs of the same object that contain it:
 * `buf->state.flags` gives `state` and `flags`. Empty for any other expression.
 */
export function fieldOf(expression: Expression): readonly string[] {
  if (expression.kind !== 'member') return [];
  const outer = expression.arrow ? [] : fieldOf(expression.object);
  return [...outer, expression.member].filter((member) => !linkMembers.has(member));
}

/**
 * Returns the fields that an expression names, but not the members that only lead to their object. For a plain local
 * variable it returns the fields in the values that the variable gets.
 */
export function fieldsIn(unit: FunctionUnit, expression: Expression): ReadonlySet<string> {
  const fields = new Set<string>();
  const enter = (inner: Expression): void => {
    if (inner.kind === 'member') for (const field of fieldOf(inner)) fields.add(field);
    else for (const part of subexpressions(inner)) enter(part);
  };
  enter(expression);
  if (expression.kind === 'name')
    for (const value of assignmentsOf(unit).values.get(expression.name) ?? []) enter(value);
  return fields;
}
