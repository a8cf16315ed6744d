// Does a function pass a callee an object that is its own, so that it has to release what the callee stores there?

import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  stripCasts,
  visitStatements,
} from '../../c/index.js';
import { freeFunctions, isAllocator } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef } from '../../program/index.js';

/** Whether a caller passes a function the address of one of its local variables. */
export function passesLocal({ program }: Codebase, caller: FunctionRef, { outline }: FunctionRef): boolean {
  const unit = program.lower(caller);
  const { locals } = assignmentsOf(unit);
  return callsTo(unit, outline.name).some((call) =>
    call.arguments.some(
      (argument) =>
        argument.kind === 'unary' &&
        argument.operator === '&' &&
        argument.operand.kind === 'name' &&
        locals.has(argument.operand.name),
    ),
  );
}

/**
 * Whether a caller passes a function a part of an object that it allocates, or that it frees: by a call, or at the end of the
 * scope.
 */
export function passesOwn({ program }: Codebase, caller: FunctionRef, { outline }: FunctionRef): boolean {
  const unit = program.lower(caller);
  const { locals, values } = assignmentsOf(unit);
  const freed = freedLocals(unit, locals);
  const isOwn = (name: string): boolean => freed.has(name) || (locals.has(name) && isAllocated(values.get(name)));
  return callsTo(unit, outline.name).some((call) => call.arguments.some((argument) => isOwn(rootOf(argument))));
}

function isAllocated(values: readonly Expression[] = []): boolean {
  return values.some((value) => {
    const bare = stripCasts(value);
    return bare.kind === 'call' && bare.callee.kind === 'name' && isAllocator(bare.callee.name);
  });
}

const callsTo = ({ body }: FunctionUnit, callee: string): readonly CallExpression[] =>
  callsIn(body).flatMap(({ name, call }) => (name === callee ? [call] : []));

/** The local pointers that a function frees, or that free what they point to when their scope ends. */
function freedLocals({ body }: FunctionUnit, locals: ReadonlySet<string>): ReadonlySet<string> {
  const freed = new Set<string>();
  for (const { name, call } of callsIn(body))
    if (name !== null && freeFunctions.has(name))
      for (const argument of call.arguments) if (locals.has(rootOf(argument))) freed.add(rootOf(argument));
  visitStatements(body, (statement) => {
    if (statement.kind === 'declaration' && statement.cleanup !== null) freed.add(statement.name);
  });
  return freed;
}

/** The variable in whose object an argument lies: `x` of `x`, `&x->plane[i]` and `x->plane + i`; empty if there is none. */
function rootOf(argument: Expression): string {
  switch (argument.kind) {
    case 'name':
      return argument.name;
    case 'unary':
      return argument.operator === '&' ? rootOf(argument.operand) : '';
    case 'member':
    case 'index':
      return rootOf(argument.object);
    case 'binary':
      return argument.operator === '+' ? rootOf(argument.left) : '';
    default:
      return '';
  }
}
