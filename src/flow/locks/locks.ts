import type { CallExpression, Expression } from '../../c/index.js';
import { apiFunctions } from '../../kernel/effects.js';
import { bufferArguments, hiddenLocks, type LockFunction, lockFunctions, otherLocks } from '../../kernel/lock-data.js';
import { hasIndex } from '../evaluate/api-call.js';
import type { Engine, Evaluated, Frame, LockEvent, LockOrigin, LockWatch } from '../paths/model.js';
import { freshWith } from '../state/fresh.js';
import { newResource, type Resource, type ResourceEnd } from '../state/resource.js';
import { bad, good, type State, type Value, zeroValue } from '../state/state.js';
import { callRelation, isBufferOfCallback, ownerOf, relation } from './lock-relations.js';

/** The mark of a path on which a call out of sight may have taken or dropped the lock. */
export const hidden = 'a lock out of sight';
const entryName = 'entry';

/** The state in which a function is entered with its lock held. */
export function enterLocked(
  engine: Engine,
  { lockOfFirst }: LockWatch,
  first: Value | undefined,
  state: State,
  frame: Frame,
): State {
  if (lockOfFirst === null || first === undefined) return state;
  let after = state;
  let value = first;
  for (const member of lockOfFirst) {
    const read = memberOf(engine, value, member, after);
    after = { ...read.state, shared: read.state.shared.with(read.value, true) };
    value = read.value;
  }
  return withLock(after, value, entryName, { path: frame.ref.path, at: frame.ref.outline.nameAt }, frame);
}

function memberOf(engine: Engine, base: Value, member: string, state: State): Evaluated {
  const key = `${base}.${member}`;
  const known = state.heap.get(key);
  if (known !== undefined) return { value: known, state };
  const value = engine.fresh();
  return { value, state: { ...state, heap: state.heap.with(key, value) } };
}

function withLock(
  state: State,
  handle: Value,
  api: string,
  { path, at }: { readonly path: string; readonly at: number },
  frame: Frame,
  isElement = false,
): State {
  const lock = newResource({
    kind: 'lock',
    handle,
    path,
    at,
    function: frame.ref.outline.name,
    api,
    isCallers: api === entryName,
    isElement,
  });
  return { ...state, resources: [...state.resources.filter((known) => known.handle !== handle), lock] };
}

/** What a call means for the lock: `done` where the lock was all there was to it. */
export function applyLocks(
  engine: Engine,
  watch: LockWatch,
  name: string,
  call: CallExpression,
  values: readonly Value[],
  state: State,
  frame: Frame,
): { readonly done?: readonly Evaluated[] } {
  const known = lockFunctions.get(name);
  if (known) {
    const lock = lockValue(name, call, values[known.lock], state);
    return lock === undefined
      ? {}
      : { done: applyLockFunction(engine, watch, name, known, call, values, lock, state, frame) };
  }
  const { mustHold, mustNotHold } = watch.convention;
  if (!mustHold.has(name) && !mustNotHold.has(name)) return {};
  checkConvention(engine, watch, name, call, values, state, frame);
  // The API's own functions are known, and are not looked into.
  return apiFunctions.has(name) ? {} : { done: [{ value: zeroValue, state }, freshWith(engine, state, bad)] };
}

/** A ww_mutex is a reservation lock where it is the `lock` of one. */
function lockValue(name: string, call: CallExpression, value: Value | undefined, state: State): Value | undefined {
  if (value === undefined || !name.startsWith('ww_mutex')) return value;
  const whole = state.answers.get(`whole:${value}`);
  return typeof whole === 'number' && mentionsReservation(call.arguments[0]) ? whole : undefined;
}

function mentionsReservation(expression: Expression | undefined): boolean {
  switch (expression?.kind) {
    case 'name':
      return /resv|reserv|\bobj\b/.test(expression.name);
    case 'member':
      return /resv|reserv/.test(expression.member) || mentionsReservation(expression.object);
    case 'unary':
      return mentionsReservation(expression.operand);
    default:
      return false;
  }
}

function applyLockFunction(
  engine: Engine,
  watch: LockWatch,
  name: string,
  known: LockFunction,
  call: CallExpression,
  values: readonly Value[],
  lock: Value,
  state: State,
  frame: Frame,
): readonly Evaluated[] {
  const held = locksOf(state, 'held');
  switch (known.effect) {
    case 'assert': {
      const isHeld = held.some(
        (one) => one.handle === lock || relation(one, ownerOf(state, lock), state) === 'related',
      );
      if (isHeld || state.answers.has(hidden)) return [freshWith(engine, state, 7)];
      if (watch.entry === 'unlocked' && held.length === 0)
        report(engine, { kind: 'required', verdict: 'never', api: name, lock: null }, call, state, frame);
      return [freshWith(engine, withLock(state, lock, entryName, { path: frame.ref.path, at: call.at }, frame), 7)];
    }
    case 'drop':
      checkDroppedTwice(engine, name, call, lock, state, frame);
      return [freshWith(engine, dropLock(state, lock, name, call, frame), 7)];
    case 'take': {
      const context = known.context === null ? undefined : values[known.context];
      const hasContext = context !== zeroValue;
      const cannotFail = known.answer === 'nothing' || !(hasContext || known.isInterruptible);
      if (known.context !== null && !hasContext) checkTwice(engine, name, call, lock, state, frame);
      const taken = withLock(
        state,
        lock,
        name,
        { path: frame.ref.path, at: call.at },
        frame,
        call.arguments.some(hasIndex),
      );
      if (cannotFail) return [{ value: zeroValue, state: taken }];
      if (known.answer === 'true-or-false') return [freshWith(engine, taken, good), { value: zeroValue, state }];
      return [{ value: zeroValue, state: taken }, freshWith(engine, state, bad)];
    }
  }
}

function locksOf(state: State, status: Resource['status']): readonly Resource[] {
  return state.resources.filter((resource) => resource.kind === 'lock' && resource.status === status);
}

/** Taking a lock that is held waits for ever. */
function checkTwice(engine: Engine, name: string, call: CallExpression, lock: Value, state: State, frame: Frame): void {
  const owner = ownerOf(state, lock);
  for (const one of locksOf(state, 'held')) {
    const isSame = one.handle === lock;
    if (!isSame && !(one.isCallers && owner !== undefined && isBufferOfCallback(state, one, owner))) continue;
    report(
      engine,
      { kind: 'forbidden', verdict: isSame ? 'same' : 'related', api: name, lock: originOfLock(one) },
      call,
      state,
      frame,
    );
    return;
  }
}

/** What this path has dropped is no longer its own to drop: of an array two elements look the same. */
function checkDroppedTwice(
  engine: Engine,
  name: string,
  call: CallExpression,
  lock: Value,
  state: State,
  frame: Frame,
): void {
  if (state.answers.has(hidden) || locksOf(state, 'held').length > 0 || call.arguments.some(hasIndex)) return;
  const before = locksOf(state, 'released').find((one) => one.handle === lock && !one.isElement);
  // The same call again is the next round of a loop.
  if (!before?.end || (before.end.path === frame.ref.path && before.end.at === call.at)) return;
  report(engine, { kind: 'required', verdict: 'dropped', api: name, lock: before.end }, call, state, frame);
}

function originOfLock({ path, at, api, isCallers }: Resource): LockOrigin {
  return isCallers ? { kind: 'held-by-caller', path, at } : { kind: 'taken', by: api, path, at };
}

function dropLock(state: State, lock: Value, name: string, call: CallExpression, frame: Frame): State {
  const held = locksOf(state, 'held');
  const owner = ownerOf(state, lock);
  const dropped =
    held.find((one) => one.handle === lock) ?? held.findLast((one) => relation(one, owner, state) !== 'other');
  const end: ResourceEnd = { kind: 'lock-dropped', by: name, path: frame.ref.path, at: call.at };
  if (dropped)
    return {
      ...state,
      resources: state.resources.map((one) =>
        one === dropped ? { ...one, handle: lock, status: 'released', end } : one,
      ),
    };
  // What was not taken here was held by the caller.
  const entered = withLock(state, lock, entryName, { path: frame.ref.path, at: call.at }, frame);
  return {
    ...entered,
    resources: entered.resources.map((one) =>
      one.kind === 'lock' && one.handle === lock ? { ...one, status: 'released', end } : one,
    ),
  };
}

/** Checks a call of the API against the convention. */
function checkConvention(
  engine: Engine,
  { convention, entry }: LockWatch,
  name: string,
  call: CallExpression,
  values: readonly Value[],
  state: State,
  frame: Frame,
): void {
  const isRequired = convention.mustHold.has(name);
  if (!isRequired && !convention.mustNotHold.has(name)) return;
  const place = bufferArguments.get(name);
  const value = place && values[place.index];
  if (!place || value === undefined || state.answers.has(hidden)) return;
  const buffer = place.isAttachment ? state.heap.get(`${value}.dmabuf`) : value;
  const held = locksOf(state, 'held');
  const found = held.map((lock) => ({ lock, how: callRelation(lock, value, buffer, state) }));
  const same = found.find(({ how }) => how === 'same')?.lock;
  if (!isRequired) {
    const related = found.find(({ lock }) => lock.isCallers && isBufferOfCallback(state, lock, buffer ?? value))?.lock;
    const lock = same ?? related;
    if (lock)
      report(
        engine,
        { kind: 'forbidden', verdict: same ? 'same' : 'related', api: name, lock: originOfLock(lock) },
        call,
        state,
        frame,
      );
    else if (entry === 'unknown' && held.length === 0)
      report(engine, { kind: 'forbidden', verdict: 'open', api: name, lock: null }, call, state, frame);
    return;
  }
  if (found.some(({ how }) => how !== 'other')) return;
  const dropped = locksOf(state, 'released').find(
    (lock) => buffer !== undefined && state.heap.get(`${buffer}.resv`) === lock.handle,
  );
  const other = found.find(({ how }) => how === 'other')?.lock;
  if (dropped)
    report(engine, { kind: 'required', verdict: 'dropped', api: name, lock: dropped.end }, call, state, frame);
  else if (entry === 'unlocked')
    report(
      engine,
      { kind: 'required', verdict: other ? 'other' : 'never', api: name, lock: other ? originOfLock(other) : null },
      call,
      state,
      frame,
    );
  else if (entry === 'unknown')
    report(
      engine,
      { kind: 'required', verdict: 'open', api: name, lock: other ? originOfLock(other) : null },
      call,
      state,
      frame,
    );
}

function report(
  engine: Engine,
  event: Pick<LockEvent, 'kind' | 'verdict' | 'api' | 'lock'>,
  call: CallExpression,
  state: State,
  frame: Frame,
): void {
  const { path, outline } = frame.ref;
  engine.lockEvents.push({ ...event, path, at: call.at, function: outline.name, decisions: state.decisions });
}

/** A call that cannot be followed and may take or drop the lock: from here on nothing is certain. */
export function noteHiddenLock(name: string, result: Evaluated): Evaluated {
  if (!hiddenLocks.test(name) || otherLocks.test(name)) return result;
  return { ...result, state: hideLocks(result.state) };
}

/** A guard that nothing is known of may hold the lock. */
export function noteHiddenGuard(name: string, state: State): State {
  return /^(?:mutex|spinlock|raw_spinlock|rcu|rwsem|srcu|read_lock|write_lock|preempt|irq|local_|pm_runtime|device)/.test(
    name,
  )
    ? state
    : hideLocks(state);
}

function hideLocks(state: State): State {
  return state.answers.has(hidden) ? state : { ...state, answers: state.answers.with(hidden, true) };
}
