// Which short functions call a function pointer in a table of their parameter? `mem->ops->destroy(mem)`

import { type Expression, visitExpressions } from '../../c/index.js';
import { type Codebase, type FunctionRef, memoByFunction, plain } from '../../program/index.js';
import type { CallSite } from '../calls/call-site.js';
import type { State } from '../state/state.js';

/** A longer function does more than that. */
const mostStatements = 4;

/** A call through a member of a parameter: the index of the parameter, 0-based, and the member. */
interface SlotCall {
  readonly parameter: number;
  /** The member that holds the function, or the table that contains it. */
  readonly member: string;
}

/** Whether the path has filled a member through which a short callee calls: `mem->ops = &ex_ops; … ex_put(mem)`. */
export function knowsSlot(
  { engine, values }: Pick<CallSite, 'engine' | 'values'>,
  target: FunctionRef,
  state: State,
): boolean {
  return slotCallsOf(engine.codebase, target).some(({ parameter, member }) =>
    engine.globals.has(state.heap.get(`${values[parameter]}.${member}`) ?? -1),
  );
}

/**
 * The calls that a short function makes through members of its parameters. A path that has filled the members knows the
 * callee.
 */
function slotCallsOf(codebase: Codebase, ref: FunctionRef): readonly SlotCall[] {
  return memoByFunction(
    codebase,
    ref,
    'calls through its parameters',
    () => {
      const { body, parameters, unparsed } = codebase.program.lower(ref);
      if (unparsed.length > 0 || body.length > mostStatements) return [];
      const found: SlotCall[] = [];
      visitExpressions(body, (expression) => {
        const place = expression.kind === 'call' ? placeOf(expression.callee) : undefined;
        const parameter = parameters.findIndex(({ name }) => name === place?.object);
        if (place && parameter >= 0) found.push({ parameter, member: place.member });
      });
      return found;
    },
    plain(),
  );
}

/** The `x` and the `ops` of `x->ops->free`, or the `x` and the `free` of `x->free`. */
function placeOf(callee: Expression): { readonly object: string; readonly member: string } | undefined {
  if (callee.kind !== 'member') return undefined;
  if (callee.object.kind === 'name') return { object: callee.object.name, member: callee.member };
  const { object: table } = callee;
  return table.kind === 'member' && table.object.kind === 'name'
    ? { object: table.object.name, member: table.member }
    : undefined;
}
