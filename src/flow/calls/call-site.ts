import type { CallExpression } from '../../c/index.js';
import type { CallFrame, Engine } from '../model/engine.js';
import type { EndKind, ResourceEnd } from '../state/resource.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';

/** A call that is evaluated: its callee by name, with the values of its arguments. */
export interface CallSite {
  readonly engine: Engine;
  readonly call: CallExpression;
  readonly name: string;
  readonly values: readonly Value[];
  /** The frame of the caller. */
  readonly frame: CallFrame;
}

/** Ends a resource at a call. */
export function endAt({ frame, call }: Pick<CallSite, 'frame' | 'call'>, end: EndKind): ResourceEnd {
  return { ...end, path: frame.ref.path, at: call.at };
}

/** A call whose callee may be an expression; `name` is null then. */
export type AnyCallSite = Omit<CallSite, 'name'> & { readonly name: string | null };

/** The arguments of a call, evaluated on one path. */
export interface EvaluatedArguments {
  readonly values: readonly Value[];
  readonly state: State;
}
