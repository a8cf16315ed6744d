// The last put of a GEM object calls the `.free` of its funcs table. Source: drm_gem_object_free() in
// drivers/gpu/drm/drm_gem.c.

import { type GemCount, gemCounts, gemFree } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { CallSite } from '../calls/call-site.js';
import { passToUnknown } from '../calls/unknown-call.js';
import { newValueWith } from '../evaluate/new-value.js';
import { slotFunctionName } from '../expansion/cleanup.js';
import type { Engine, Evaluated } from '../model/engine.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import { bad, type Value, zeroValue } from '../state/value.js';
import { runReleaseOf } from './last-put.js';
import { mayBeKept } from './loans.js';

/**
 * Evaluates a call that counts the references of a GEM object.
 * @returns undefined for every other call, and where the count of the object is not known
 */
export function applyGemObject(site: CallSite, state: State): readonly Evaluated[] | undefined {
  const count = gemCounts.get(site.name);
  const object = count && site.values[count.object];
  if (!count || object === undefined) return undefined;
  if (count.effect === 'init') {
    const made = passToUnknown(site, site.values, state);
    return [{ value: made.value, state: withCount(made.state, object, 1) }];
  }
  const known = state.answers.get(answerKeys.references(object));
  return typeof known === 'number' ? applyCounted(site, count, { object, known }, state) : undefined;
}

interface Counted {
  readonly object: Value;
  readonly known: number;
}

function applyCounted(
  site: CallSite,
  { effect }: GemCount,
  { object, known }: Counted,
  state: State,
): readonly Evaluated[] | undefined {
  switch (effect) {
    case 'init':
      return undefined;
    case 'get':
      return [{ value: zeroValue, state: withCount(state, object, known + 1) }];
    case 'handle': {
      const passed = passToUnknown(site, site.values, withoutCount(state, object)).state;
      return [
        { value: zeroValue, state: withCount(passed, object, known + 1) },
        newValueWith(site.engine, withCount(passed, object, known), bad),
      ];
    }
    case 'put': {
      if (mayBeKept(state, object)) return undefined;
      if (known > 1) return [{ value: zeroValue, state: withCount(state, object, known - 1) }];
      const free = freeOf(site, object, state);
      return free && runReleaseOf(site, free, object, state);
    }
  }
}

function withCount(state: State, object: Value, count: number): State {
  const answers = state.answers.with(answerKeys.references(object), count).with(answerKeys.watched, true);
  return stateWith(state, { answers });
}

function withoutCount(state: State, object: Value): State {
  return stateWith(state, { answers: state.answers.with(answerKeys.references(object), false) });
}

/**
 * The `.free` of the table that was stored in the object, maybe by a helper in another file, or else of the only such table
 * that the file sees.
 */
function freeOf({ engine, frame }: CallSite, object: Value, state: State): FunctionRef | undefined {
  const stored = state.heap.get(`${object}.${gemFree.member}`) ?? -1;
  const path = engine.globalFiles.get(stored) ?? frame.ref.path;
  const table = engine.globals.get(stored) ?? onlyTable(engine, path);
  const name = table === undefined ? undefined : slotFunctionName(engine.codebase, table, gemFree.slot, path);
  return name === undefined ? undefined : engine.codebase.definitions.findCandidate(name, path);
}

function onlyTable({ codebase }: Engine, path: string): string | undefined {
  const tables = new Set<string>();
  for (const file of codebase.program.translationUnit(path))
    for (const { name, type, valueAt } of codebase.program.file(file)?.unit.variables ?? [])
      if (type === gemFree.table && valueAt !== null) tables.add(name);
  const [first] = tables;
  return tables.size === 1 ? first : undefined;
}
