import type { CallExpression, Expression } from '../../c/index.js';
import { readAccess, storeAccess } from '../../kernel/index.js';
import { assign } from '../evaluate/assign.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import type { State } from '../state/state.js';

/**
 * Evaluates a macro that only reads or stores a place: `READ_ONCE(x->m)`, `smp_store_release(&x->m, v)`.
 * @returns undefined for any other call
 */
export function evaluateAccess(
  engine: Engine,
  { callee, arguments: list }: CallExpression,
  state: State,
  frame: CallFrame,
): readonly Evaluated[] | undefined {
  const [first, value] = list;
  if (callee.kind !== 'name' || !first) return undefined;
  const read = readAccess(callee.name);
  if (read) return engine.evaluate(placeOf(first, read.byAddress), state, frame);
  const store = storeAccess(callee.name);
  if (!store || !value) return undefined;
  return engine
    .evaluate(value, state, frame)
    .flatMap((result) => assign(engine, placeOf(first, store.byAddress), result, frame));
}

/** The place that an argument names, or whose address it is. */
function placeOf(argument: Expression, byAddress: boolean): Expression {
  if (!byAddress) return argument;
  const isAddress = argument.kind === 'unary' && argument.operator === '&';
  return isAddress ? argument.operand : { kind: 'unary', operator: '*', operand: argument, at: argument.at };
}
