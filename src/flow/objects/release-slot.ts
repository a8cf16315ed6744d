// Which function is the `.release` of a dma-buf's table?

import { exporterOpsTag } from '../../kernel/index.js';
import { type Codebase, filesSaying, memoByFile, plain } from '../../program/index.js';
import { slotFunctionName } from '../expansion/cleanup.js';
import type { Engine } from '../model/engine.js';
import type { State } from '../state/state.js';
import type { Value } from '../state/value.js';

const slot = 'release';

/**
 * The name of the function in the `.release` of a table: a table of the file, one within the function, or one of several
 * that all have the same function there.
 * @param ops the value of the table
 * @param path the file that exports
 */
export function releaseName(engine: Engine, state: State, ops: Value, path: string): string | undefined {
  const { codebase, globals } = engine;
  const local = state.heap.get(`${ops}.${slot}`);
  if (local !== undefined) return globals.get(local);
  const table = globals.get(ops);
  if (table !== undefined) return slotFunctionName(codebase, table, slot, path);
  // A table in a variable may be a caller's, of another file; one that is read from an object is of those that are here.
  let isInVariable = false;
  state.variables.forEach((value) => {
    isInVariable ||= value === ops;
  });
  return isInVariable ? undefined : agreedName(codebase, path);
}

/** The name that all tables have in the slot, of the file or else of its module; undefined where they differ, or one has none. */
function agreedName(codebase: Codebase, path: string): string | undefined {
  const own = namesIn(codebase, path);
  const { definitions } = codebase;
  const names =
    own.length > 0
      ? own
      : filesSaying(codebase, definitions.module(path), exporterOpsTag).flatMap((file) => namesIn(codebase, file));
  const [first] = names;
  return first != null && new Set(names).size === 1 ? first : undefined;
}

/** What each table of a file has in the slot; null where it has nothing there. */
function namesIn(codebase: Codebase, path: string): readonly (string | null)[] {
  return memoByFile(
    codebase,
    path,
    'release slots',
    () =>
      (codebase.program.file(path)?.unit.variables ?? [])
        .filter(({ type, valueAt }) => type === `struct ${exporterOpsTag}` && valueAt !== null)
        .map(({ name }) => slotFunctionName(codebase, name, slot, path) ?? null),
    plain(),
  );
}
