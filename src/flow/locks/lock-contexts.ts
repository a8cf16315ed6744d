// `drm_exec_init()` to `drm_exec_fini()`: the locks of a context count as one, held all the way.

import { lockContext } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import type { Resource } from '../state/resource.js';
import { type State, withResource } from '../state/state.js';
import { anySign, type Value } from '../state/value.js';
import { locksOf, withLock } from './lock-state.js';

/**
 * Evaluates a call on a context of locks.
 * @returns undefined for every other call, and for a context that the path has not begun: its caller may hold any lock by it
 */
export function applyContext({ engine, name, call, values, frame }: CallSite, state: State): Evaluated | undefined {
  const [context] = values;
  if (context === undefined || !name.startsWith(lockContext.prefix)) return undefined;
  const { path, outline } = frame.ref;
  if (name === lockContext.begin)
    return newValueWith(
      engine,
      withLock(state, { handle: context, path, at: call.at, function: outline.name, api: name }),
      anySign,
    );
  const held = contextOf(state, context);
  if (!held) return undefined;
  const end = { kind: 'lock-dropped', by: name, path, at: call.at } as const;
  const after = name === lockContext.end ? withResource(state, held, { ...held, status: 'released', end }) : state;
  return newValueWith(engine, after, anySign);
}

function contextOf(state: State, value: Value): Resource | undefined {
  return locksOf(state, 'held').find((lock) => lock.handle === value && lock.api === lockContext.begin);
}
