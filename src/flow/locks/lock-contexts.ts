// `drm_exec_init()` to `drm_exec_fini()`: the locks of a context count as one, held all the way.

import { lockContext } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { Evaluated } from '../model/engine.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, type State, stateWith, withResource } from '../state/state.js';
import { anySign, bad, type Value, zeroValue } from '../state/value.js';
import { locksOf, withLock } from './lock-state.js';

/**
 * Evaluates a call on a context of locks.
 * @returns undefined for every other call, and for a context that the path has not begun: its caller may hold any lock by it
 */
export function applyContext(
  { engine, name, call, values, frame }: CallSite,
  state: State,
): readonly Evaluated[] | undefined {
  const [context, object] = values;
  if (context === undefined || !name.startsWith(lockContext.prefix)) return undefined;
  const { path, outline } = frame.ref;
  if (name === lockContext.begin)
    return [
      newValueWith(
        engine,
        withLock(withoutObjects(state), { handle: context, path, at: call.at, function: outline.name, api: name }),
        anySign,
      ),
    ];
  const held = contextOf(state, context);
  if (!held) return undefined;
  if (object !== undefined && lockContext.take.some((one) => one === name))
    return [{ value: zeroValue, state: withObject(state, object, true) }, newValueWith(engine, state, bad)];
  if (object !== undefined && name === lockContext.drop)
    return [newValueWith(engine, withObject(state, object, false), anySign)];
  const end = { kind: 'lock-dropped', by: name, path, at: call.at } as const;
  const after = name === lockContext.end ? withResource(state, held, { ...held, status: 'released', end }) : state;
  return [newValueWith(engine, after, anySign)];
}

/** The state in which no context holds the lock of any object. */
function withoutObjects(state: State): State {
  const objects = [...state.answers.keys()].flatMap((key) => answerKeys.objectInContext(key) ?? []);
  return objects.reduce((after, object) => withObject(after, object, false), state);
}

function withObject(state: State, object: Value, isLocked: boolean): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.lockedInContext(object), isLocked) });
}

/** The context that holds the lock of an object that passes a test; undefined if there is none. */
export function contextLocking(state: State, isObject: (object: Value) => boolean): Resource | undefined {
  return contextIn(state, 'held', isObject);
}

/** The context that held the lock of such an object until it was ended; undefined if there is none, or another was begun. */
export function contextThatLocked(state: State, isObject: (object: Value) => boolean): Resource | undefined {
  return contextIn(state, 'released', isObject);
}

function contextIn(
  state: State,
  status: 'held' | 'released',
  isObject: (object: Value) => boolean,
): Resource | undefined {
  const context = locksOf(state, status).find(({ api }) => api === lockContext.begin);
  if (!context) return undefined;
  for (const [key, isLocked] of state.answers) {
    const object = answerKeys.objectInContext(key);
    if (object !== undefined && isLocked === true && isObject(object)) return context;
  }
  return undefined;
}

function contextOf(state: State, value: Value): Resource | undefined {
  return locksOf(state, 'held').find((lock) => lock.handle === value && lock.api === lockContext.begin);
}
