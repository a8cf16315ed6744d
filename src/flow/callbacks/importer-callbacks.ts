// dma_buf_pin() may move the buffer. Then it runs the callback of every importer, including its caller's. Source:
// dma_buf_invalidate_mappings() in drivers/dma-buf/dma-buf.c, and the `.pin` of amdgpu and xe.

import { importerOpsTag, importerPrivateMember } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, memoByFile } from '../../program/index.js';
import { functionsInTables } from '../callers/table-functions.js';
import { numberOf } from '../evaluate/arithmetic.js';
import { isConstant } from '../evaluate/named-constants.js';
import type { CallerPlace, Engine, Evaluated } from '../model/engine.js';
import { objectOfKey } from '../state/heap.js';
import { answerKeys, type Decision, isZeroed, type State, signsOf, stateWith } from '../state/state.js';
import { anySign, type Signs, type Value, zeroValue } from '../state/value.js';
import { reportEarlyUnpin } from './early-unpins.js';

const opsPattern = new RegExp(`\\bstruct\\s+${importerOpsTag}\\b`);

/**
 * The states after a call that may have run the importer's own callback. In one of them the callback did not run; in
 * the others a flag or a state of the importer has the value that the callback set. What the callback unmaps or unpins
 * is ignored.
 * @param attachment the argument of the call; the object that holds it belongs to the importer
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
  const key = `${attachment}.${importerPrivateMember}`;
  const entered = stateWith(state, { heap: state.heap.with(key, owner) });
  const [events, lockEvents] = [engine.events.length, engine.lockEvents.length];
  const { steps, incomplete } = engine.budget;
  const from = { frame: { ...frame, spare: frame.spare + 1 }, at };
  const run = (before: State): readonly Evaluated[] => {
    const left = engine.call(callback, [attachment], before, from) ?? [];
    // Defects of the callback are reported for the callback, not for this caller.
    engine.events.length = events;
    engine.lockEvents.length = lockEvents;
    Object.assign(engine.budget, { steps, incomplete });
    return left;
  };
  const results = run(entered);
  const pinned = { attachment, owner, callback: callback.outline.name, results, run, frame, at };
  reportEarlyUnpin(engine, pinned, (value) => value !== zeroValue && isPlain(engine, value), entered);
  const changes = results.map((result) => flagsChanged(engine, owner, state, result.state));
  // When locks are followed, callees without locks are not: they may have set a member to a constant that it differed from.
  if (engine.locks) changes.push(unlikeMembers(owner, state).map((member) => [member, engine.newValue(), anySign]));
  const distinct = new Map(changes.map((flags) => [JSON.stringify(flags), flags]));
  const changed = [...distinct.values()].filter((flags) => flags.length > 0);
  const moved: Decision = { kind: 'moved', callback: callback.outline.name, path: frame.ref.path, at };
  const decided = stateWith(state, { decisions: [...state.decisions, moved] });
  return [state, ...changed.map((flags) => withFlags(engine, flags, decided))];
}

/** The members that the callback set, with the values and the signs that they have now. */
type Flags = readonly (readonly [key: string, value: Value, signs: Signs])[];

/**
 * The state after flags were set. The path knows the assigned constants by their names and signs, as if it had
 * read them itself.
 */
function withFlags({ globals }: Engine, flags: Flags, state: State): State {
  let { heap, variables, signs } = state;
  for (const [key, value, known] of flags) {
    const name = globals.get(value);
    heap = heap.with(key, value);
    signs = signs.with(value, known);
    if (name !== undefined) variables = variables.with(`global:${name}`, value);
  }
  return stateWith(state, { heap, variables, signs });
}

/** The only object that holds an attachment; undefined if there is none, or more than one. */
function ownerOf(attachment: Value, { heap }: State): Value | undefined {
  const owners = new Set<Value>();
  for (const [key, value] of heap) if (value === attachment) owners.add(objectOfKey(key));
  const [owner, ...others] = owners;
  return others.length === 0 ? owner : undefined;
}

/** The members that the callback has set to a constant. Before, they were 0, another constant, or tested as different. */
function flagsChanged(engine: Engine, owner: Value, before: State, after: State): Flags {
  const changed = [...after.heap].filter(([key, value]) => {
    if (objectOfKey(key) !== owner || value === zeroValue || !isPlain(engine, value)) return false;
    const known = before.heap.get(key) ?? (isZeroed(before, owner) ? zeroValue : undefined);
    return known !== undefined && known !== value && (isPlain(engine, known) || isUnlike(before, known, value));
  });
  return changed.map(([key, value]) => [key, value, signsOf(after, value)]);
}

/** Whether a value is a constant or a number. */
function isPlain(engine: Engine, value: Value): boolean {
  return isConstant(engine, value) || engine.constants.has(value) || numberOf(engine, value) !== undefined;
}

/** The heap keys of the members of an object that a test found different from another value. */
function unlikeMembers(owner: Value, { heap, answers }: State): readonly string[] {
  const unlike = new Set<Value>();
  answers.forEach((answer, key) => {
    const pair = answer === false ? answerKeys.compared(key) : undefined;
    if (pair?.operator === '==') unlike.add(pair.left).add(pair.right);
  });
  return [...heap].flatMap(([key, value]) => (objectOfKey(key) === owner && unlike.has(value) ? [key] : []));
}

/** Whether a test found a value different from a constant: `if (w->state == EX_DEAD) return -ENODEV;`. */
function isUnlike({ answers }: State, value: Value, constant: Value): boolean {
  return answers.get(answerKeys.same(value, constant)) === false;
}

/** The callback of the importer in a file; undefined if there is none, or if there are several. */
function callbackOf(codebase: Codebase, path: string): FunctionRef | undefined {
  const [callback, ...others] = memoByFile(codebase, path, 'importer-callbacks', () => callbacksIn(codebase, path));
  return others.length === 0 ? callback : undefined;
}

/** The functions in the importers' ops tables of a file, each once. */
function callbacksIn(codebase: Codebase, path: string): readonly FunctionRef[] {
  const found = functionsInTables(codebase, path, (type) => opsPattern.test(type));
  return [...new Map(found.map((ref) => [functionKey(ref), ref])).values()];
}
