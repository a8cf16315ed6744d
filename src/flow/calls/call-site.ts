import type { CallExpression } from '../../c/index.js';
import type { CallerPlace, CallFrame, Engine } from '../model/engine.js';
import type { CodePlace, EndKind, ResourceEnd } from '../state/resource.js';
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

/** The place of a call, without its frame. */
export function codePlace({ frame, at }: CallerPlace): CodePlace {
  return { path: frame.ref.path, at };
}

/**
 * The place of a later call, as seen from the innermost frame that also contains the earlier call or leads to it. Where one
 * helper repeats what another helper has done, this is the call of the later helper.
 */
export function inFrameAround(earlier: CallerPlace, later: CallerPlace): CallerPlace {
  const frames = new Set<string>();
  for (let place: CallerPlace | null = earlier; place; place = place.frame.from) frames.add(place.frame.id);
  for (let place: CallerPlace | null = later; place; place = place.frame.from)
    if (frames.has(place.frame.id)) return place;
  return later;
}

/** A call whose callee may be an expression; `name` is null then. */
export type AnyCallSite = Omit<CallSite, 'name'> & { readonly name: string | null };

/** The arguments of a call, evaluated on one path. */
export interface EvaluatedArguments {
  readonly values: readonly Value[];
  readonly state: State;
}
