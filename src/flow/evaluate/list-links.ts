import {
  apiRow,
  freeFunctions,
  functionsWithRole,
  isConversion,
  isHarmless,
  linkMembers,
  roleOf,
} from '../../kernel/index.js';
import { filesSaying } from '../../program/index.js';
import type { NodeOf } from '../graph/model.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';

/**
 * Forgets which entries the links of lists and trees lead to: the list has changed, or may have by the time that a loop
 * comes round. `head->next` is another entry from here on.
 */
export function forgetLinks(engine: Engine, state: State): State {
  let { heap, shared } = state;
  for (const key of engine.links) {
    const old = heap.get(key);
    if (old === undefined) continue;
    const value = engine.newValue();
    heap = heap.with(key, value);
    if (shared.has(old)) shared = shared.with(value, true);
  }
  return heap === state.heap ? state : stateWith(state, { heap, shared });
}

/**
 * Forgets them where a loop comes round, unless nothing in that round can have changed a list: `head->next` is the entry
 * of the round before, then.
 */
export function forgetLinksOfRound(engine: Engine, { at }: NodeOf<'choose'>, state: State, frame: CallFrame): State {
  const key = answerKeys.roundBegun(frame.id, at);
  const moment = changesOf(state);
  if (state.answers.get(key) === moment) return state;
  const forgot = forgetLinks(engine, state);
  return stateWith(forgot, { answers: forgot.answers.with(key, moment) });
}

/** How often a path may have changed a list so far. */
function changesOf({ answers }: State): number {
  let times = Number(answers.get(answerKeys.relinked) ?? 0);
  for (const member of [...linkMembers, '*']) times += Number(answers.get(answerKeys.written(member)) ?? 0);
  return times;
}

/** Takes note of a call that may change a list. What only releases, frees or prints changes none. */
export function noteRelinking(engine: Engine, name: string | null, state: State, frame: CallFrame): State {
  if (engine.links.size === 0 || (name !== null && leavesLists(engine, name, frame))) return state;
  const times = Number(state.answers.get(answerKeys.relinked) ?? 0) + 1;
  return stateWith(state, { answers: state.answers.with(answerKeys.relinked, times) });
}

function leavesLists({ codebase }: Engine, name: string, { ref }: CallFrame): boolean {
  if (isHarmless(name) || isConversion(name) || freeFunctions.has(name)) return true;
  if (!apiRow(name)) return false;
  // The last put runs the exporter's release function, which may be one of this driver.
  const isExporter = (): boolean =>
    functionsWithRole('export').some(
      (one) => filesSaying(codebase, codebase.definitions.module(ref.path), one).length > 0,
    );
  return roleOf(name) !== 'put' || !isExporter();
}
