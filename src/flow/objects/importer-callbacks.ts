// dma_buf_pin() may move the buffer, and then it runs the callback of every importer, that of its caller included. Source:
// dma_buf_invalidate_mappings() in drivers/dma-buf/dma-buf.c, and the `.pin` of amdgpu and xe.

import { importerOpsTag } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, memoByFile } from '../../program/index.js';
import { numberOf } from '../evaluate/arithmetic.js';
import { isConstant } from '../evaluate/named-constants.js';
import type { CallerPlace, Engine } from '../model/engine.js';
import { objectOfKey } from '../state/heap.js';
import { type Decision, isZeroed, type State, stateWith } from '../state/state.js';
import { type Value, zeroValue } from '../state/value.js';

const opsPattern = new RegExp(`\\bstruct\\s+${importerOpsTag}\\b`);
/** Where an attachment has what the importer gave with its ops. Source: include/linux/dma-buf.h. */
const privateMember = 'importer_priv';

/**
 * The states after a call that may have run the importer's own callback: the one in which it did not, and those in which a
 * flag or a state of the importer is what the callback made it. What the callback unmaps or unpins stays as it was.
 * @param attachment what the call got; the object that holds it is the importer's
 */
export function afterCallback(
  engine: Engine,
  attachment: Value,
  state: State,
  { frame, at }: CallerPlace,
): readonly State[] {
  const callback = callbackOf(engine.codebase, frame.ref.path);
  const owner = callback && ownerOf(attachment, state);
  if (!callback || owner === undefined) return [state];
  const key = `${attachment}.${privateMember}`;
  const entered = stateWith(state, { heap: state.heap.with(key, owner) });
  const [events, lockEvents] = [engine.events.length, engine.lockEvents.length];
  const { steps, incomplete } = engine.budget;
  const from = { frame: { ...frame, spare: frame.spare + 1 }, at };
  const results = engine.call(callback, [attachment], entered, from) ?? [];
  // Nothing of this is the caller's: what its callback does wrong is told of the callback.
  engine.events.length = events;
  engine.lockEvents.length = lockEvents;
  Object.assign(engine.budget, { steps, incomplete });
  const changes = results.map((result) => flagsChanged(engine, owner, state, result.state));
  const distinct = new Map(changes.map((flags) => [JSON.stringify(flags), flags]));
  const changed = [...distinct.values()].filter((flags) => flags.length > 0);
  const moved: Decision = { kind: 'moved', callback: callback.outline.name, path: frame.ref.path, at };
  const decided = stateWith(state, { decisions: [...state.decisions, moved] });
  return [state, ...changed.map((flags) => withFlags(engine, flags, decided))];
}

type Flags = readonly (readonly [key: string, value: Value])[];

/** The state with flags set, in which the constants that they were set to are known by their names. */
function withFlags({ globals }: Engine, flags: Flags, state: State): State {
  let { heap, variables } = state;
  for (const [key, value] of flags) {
    const name = globals.get(value);
    heap = heap.with(key, value);
    if (name !== undefined) variables = variables.with(`global:${name}`, value);
  }
  return stateWith(state, { heap, variables });
}

/** The only object that holds an attachment; undefined where there is none, or more than one. */
function ownerOf(attachment: Value, { heap }: State): Value | undefined {
  const owners = new Set<Value>();
  for (const [key, value] of heap) if (value === attachment) owners.add(objectOfKey(key));
  const [owner, ...others] = owners;
  return others.length === 0 ? owner : undefined;
}

/** The members of an object that were 0 or a constant, and have become another one. */
function flagsChanged(engine: Engine, owner: Value, before: State, after: State): Flags {
  const isPlain = (value: Value): boolean =>
    isConstant(engine, value) || engine.constants.has(value) || numberOf(engine, value) !== undefined;
  return [...after.heap].filter(([key, value]) => {
    if (objectOfKey(key) !== owner || value === zeroValue || !isPlain(value)) return false;
    const known = before.heap.get(key) ?? (isZeroed(before, owner) ? zeroValue : undefined);
    return known !== undefined && known !== value && isPlain(known);
  });
}

/** The callback of the importer of a file; undefined where there is none, or where there are several. */
function callbackOf(codebase: Codebase, path: string): FunctionRef | undefined {
  const [callback, ...others] = memoByFile(codebase, path, 'importer-callbacks', () => callbacksIn(codebase, path));
  return others.length === 0 ? callback : undefined;
}

function callbacksIn(codebase: Codebase, path: string): readonly FunctionRef[] {
  const file = codebase.program.file(path);
  const tables = (file?.unit.variables ?? []).filter(({ type, valueAt }) => valueAt !== null && opsPattern.test(type));
  const names = tables.flatMap(({ valueAt, end }) =>
    [...(file?.code.slice(valueAt ?? 0, end) ?? '').matchAll(/=\s*&?\s*(\w+)/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)].flatMap((name) => {
    const ref = codebase.definitions.findCandidate(name, path);
    return ref ? [ref] : [];
  });
}
