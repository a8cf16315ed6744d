// What becomes of a map that a vmap should have filled, and has not? Source: dma_buf_vunmap() ends in BUG_ON() where the
// buffer has no kernel mapping, or another one.

import { type Expression, expressionText } from '../../c/index.js';
import { type ApiFunction, addressMembers, mapFunction, mapsAreAsked } from '../../kernel/index.js';
import type { CallSite } from '../calls/call-site.js';
import { newValueWith } from '../evaluate/new-value.js';
import type { CallerPlace, CallFrame, Engine, Evaluated } from '../model/engine.js';
import { answerKeys, type State, signsOf, stateWith } from '../state/state.js';
import { good, type Value, zero, zeroValue } from '../state/value.js';
import { membersRead } from '../tree/readers.js';

/** Notes which map a vmap that failed has left without a mapping. */
export function noteUnfilled({ engine, values, frame }: CallSite, api: ApiFunction, state: State): State {
  const [effect] = api.effects;
  if (effect?.kind !== 'acquire' || effect.resource !== 'kernel-mapping' || effect.handle === 'result') return state;
  const map = values[effect.handle];
  if (map === undefined) return state;
  engine.unfilled.set(map, frame);
  return stateWith(state, { answers: state.answers.with(answerKeys.unfilled(map), state.decisions.length) });
}

/** Whether the vmap that was to fill a map has failed on this path. */
export function isUnfilled({ answers }: State, map: Value | undefined): boolean {
  return map !== undefined && typeof answers.get(answerKeys.unfilled(map)) === 'number';
}

/**
 * Reports a vunmap of a map that was not filled. Where helpers of one function map and unmap, the function must change: its
 * call of the second one is told.
 */
export function checkFilled({ engine, call, name, frame }: CallSite, map: Value | undefined, state: State): void {
  if (map === undefined || !isUnfilled(state, map) || isAskedFor(engine, map, state)) return;
  const place = withinBoth({ frame, at: call.at }, engine.unfilled.get(map));
  const event = { kind: 'unmade-release', at: place.at, resource: null, use: `${name}()`, origin: null } as const;
  engine.report(event, place.frame, state);
}

/** Whether the path has asked whether the map is filled, or a member of it; or something since that may say so. */
function isAskedFor(engine: Engine, map: Value, state: State): boolean {
  const isRead = addressMembers.some((member) => {
    const address = state.heap.get(`${map}.${member}`);
    return address !== undefined && signsOf(state, address) !== zero;
  });
  const tests = state.decisions.map((one) => (one.kind === 'test' ? expressionText(one.test) : ''));
  const from = Number(state.answers.get(answerKeys.unfilled(map)));
  return (
    isRead ||
    tests.some(mapsAreAsked) ||
    asksMember(tests, from) ||
    state.decisions.slice(from).some((one) => one.kind === 'test' && asksHelper(engine, one.test, one.path))
  );
}

/** Whether a test asks a helper that reads a member: `if (view_is_mapped(view))`. */
function asksHelper(engine: Engine, test: Expression, path: string): boolean {
  if (test.kind === 'unary' && test.operator === '!') return asksHelper(engine, test.operand, path);
  if (test.kind !== 'call' || test.callee.kind !== 'name') return false;
  const helper = engine.codebase.definitions.findInModule(test.callee.name, path);
  return helper !== undefined && membersRead(engine.codebase, helper) !== undefined;
}

/** Whether a test since a decision asks a member or a bit that none before has asked: it may say whether the vmap was made. */
function asksMember(tests: readonly string[], from: number): boolean {
  const plain = (test: string): string => test.replace(/^!+/, '');
  const before = new Set(tests.slice(0, from).map(plain));
  return tests.slice(from).some((test) => /^!*[\w[\]]+(?:->|\.)[^()]*$|\btest_/.test(test) && !before.has(plain(test)));
}

/** The call in the innermost frame that both lead through. */
function withinBoth(place: CallerPlace, other: CallFrame | undefined): CallerPlace {
  const ids = new Set<string>();
  for (let frame = other; frame; frame = frame.from?.frame) ids.add(frame.id);
  let { frame, at } = place;
  while (!ids.has(frame.id) && frame.from) ({ frame, at } = frame.from);
  return { frame, at };
}

/**
 * Evaluates `iosys_map_is_null(map)` and `iosys_map_is_set(map)` for a map that a vmap has filled or that was cleared,
 * and `iosys_map_clear(map)`; undefined for every other call.
 */
export function applyMapFunction({ engine, call, name, values, frame }: CallSite, state: State): Evaluated | undefined {
  const [map] = values;
  const does = mapFunction(name);
  if (map === undefined || does === undefined) return undefined;
  const places = addressMembers.map((member) => `${map}.${member}`);
  if (does === 'clear') {
    const heap = places.reduce((cleared, place) => cleared.with(place, zeroValue), state.heap);
    return { value: engine.newValue(), state: stateWith(state, { heap }) };
  }
  const isFilled = places.some((place) => {
    const address = state.heap.get(place);
    return address !== undefined && signsOf(state, address) === good;
  });
  const isEmpty = places.every((place) => state.heap.get(place) === zeroValue);
  if (!isFilled && !isEmpty) return undefined;
  if (frame.stack.length === 1) engine.settled.add(call.at);
  return isFilled === (does === 'ask-set') ? newValueWith(engine, state, good) : { value: zeroValue, state };
}
