import type { Expression } from '../../c/index.js';
import { type ApiFunction, directionNames, type Effect, parameterIndex, roleOf } from '../../kernel/index.js';
import { assignmentsOf } from '../../program/index.js';
import { afterCallback } from '../callbacks/importer-callbacks.js';
import { isKnownElsewhere, refuseAssumed } from '../descriptors/assumed-reference.js';
import { makeDescriptor, mayGoToDescriptor, noteFailure } from '../descriptors/make-descriptor.js';
import { newValueWith } from '../evaluate/new-value.js';
import { useValue } from '../evaluate/use-value.js';
import type { CallFrame, Engine, Evaluated } from '../model/engine.js';
import { runExporterRelease } from '../objects/exporter-release.js';
import { checkFilled, isUnfilled, noteUnfilled } from '../objects/unfilled-maps.js';
import { keyHolding, memberOfOwnData } from '../state/heap.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, assume, type State, signsOf, stateWith, withResource } from '../state/state.js';
import { bad, good, type Value, zero, zeroValue } from '../state/value.js';
import { acquire, findHeld, release } from './acquire-release.js';
import { type CallSite, endAt } from './call-site.js';
import { fillMap, mappingToEnd, noteKind } from './kernel-mapping.js';
import { passedArgument } from './passed-argument.js';

/** Evaluates a call of an API function: one result for success, and one for failure where it can fail. */
export function applyApi(site: CallSite, api: ApiFunction, state: State): readonly Evaluated[] {
  const { engine, name, call, values, frame } = site;
  for (const [index, value] of values.entries()) {
    // The release of what was released before is reported as a double release instead.
    const isReleased = api.effects.some((effect) => effect.kind === 'release' && effect.handle === index);
    const isExcused = releasesFromBefore(site, api, state);
    if (!isReleased) useValue(engine, value, state, frame, { at: call.at, use: `${name}()`, isExcused });
  }
  const succeed = (result: Value | null, before: State): State =>
    api.effects.reduce((after, effect) => applyEffect(site, effect, result, after), before);
  const failed = newValueWith(engine, state, bad);
  // On this path the call has failed: whatever variable gets the error, no test of it is missing an answer.
  engine.constants.add(failed.value);
  switch (api.result) {
    case 'nothing': {
      const after = succeed(null, state);
      return runExporterRelease(engine, state, after, values[0], { frame, at: call.at }).map((done) => ({
        value: engine.newValue(),
        state: done,
      }));
    }
    case 'zero-or-error': {
      const refused = noteUnfilled(site, api, failed.state);
      return [
        ...afterMove(site, state).map((moved) => ({ value: zeroValue, state: succeed(null, moved) })),
        // A release that returns an error has released all the same: dma_buf_end_cpu_access() is not called again.
        api.effects.every(({ kind }) => kind === 'release')
          ? { ...failed, state: succeed(null, failed.state) }
          : { ...failed, state: refused },
      ];
    }
    case 'number-or-error': {
      const done = newValueWith(engine, state, good | zero);
      return [
        { value: done.value, state: succeed(done.value, done.state) },
        { ...failed, state: api.effects.reduce((after, effect) => refuse(site, effect, after), failed.state) },
      ];
    }
    case 'pointer-or-null': {
      const done = newValueWith(engine, state, good);
      return [
        { value: done.value, state: succeed(done.value, done.state) },
        { value: zeroValue, state },
      ];
    }
    case 'pointer-or-error': {
      const known = bufferOfDescriptor(site, state);
      if (known !== undefined) return [{ value: known, state: getOwn(site, known, succeed(known, state), state) }];
      const { path, outline } = frame.ref;
      engine.origins.set(failed.value, { path, at: call.at, api: name, function: outline.name, frame: site.frame.id });
      // No descriptor is negative: `fd = dma_buf_fd(dmabuf, 0); dma_buf_get(fd);` gets nothing where the first call has failed.
      if (roleOf(name) === 'get' && values[0] !== undefined && signsOf(state, values[0]) === bad) return [failed];
      const done = newValueWith(engine, state, good);
      return [{ value: done.value, state: succeed(done.value, done.state) }, failed];
    }
  }
}

/**
 * The buffer whose descriptor this path has made and looks up here: `fd = dma_buf_fd(dmabuf, 0); dma_buf_get(fd);`. That user
 * space has closed it by then is another question.
 */
function bufferOfDescriptor({ name, values }: CallSite, { resources }: State): Value | undefined {
  if (roleOf(name) !== 'get') return undefined;
  return resources.find(({ kind, handle }) => kind === 'fd' && handle === values[0])?.of ?? undefined;
}

/**
 * The state after a path got a reference by a descriptor that it has made. If it had taken none before, the descriptor has
 * one that somebody else took, and this one replaces it. If others find the buffer in a member, it is theirs.
 */
function getOwn(site: CallSite, buffer: Value, got: State, before: State): State {
  const isOwned = before.resources.some(
    ({ kind, handle, count }) => kind === 'reference' && handle === buffer && count > 0,
  );
  if (!isOwned) return before;
  const held = findHeld(got, 'reference', buffer);
  // Of a buffer that came from elsewhere, what the path gets is its own.
  const isExport = before.resources.some(({ handle, api }) => handle === buffer && roleOf(api) === 'export');
  const member =
    isExport && isKnownElsewhere(before, buffer) ? keyHolding(before, buffer)?.replace(/^\d+\./, '') : undefined;
  if (!held || member === undefined) return got;
  return withResource(got, held, {
    ...held,
    status: 'given',
    wasPassedOn: true,
    end: endAt(site, { kind: 'stored', in: member }),
  });
}

/** The states after a pin that succeeds: it may have moved the buffer and run the caller's own callback. */
function afterMove({ engine, name, call, values, frame }: CallSite, state: State): readonly State[] {
  const [attachment] = values;
  if (roleOf(name) !== 'pin' || attachment === undefined) return [state];
  return afterCallback(engine, attachment, state, { frame, at: call.at });
}

/**
 * Whether a call releases what the function found and did not acquire: `if (buf->sgt) unmap(buf->attach, buf->sgt)`, where
 * the attach has failed on this path. Then there is nothing to unmap, which the path does not know.
 */
function releasesFromBefore({ values }: CallSite, api: ApiFunction, state: State): boolean {
  const released = api.effects.flatMap((effect) =>
    effect.kind === 'release' && effect.resource !== 'reference' ? [values[effect.handle]] : [],
  );
  return released.some(
    (handle) =>
      handle !== undefined &&
      state.shared.has(handle) &&
      !state.resources.some((resource) => resource.handle === handle),
  );
}

/** The state after one effect of a call that succeeded. */
function applyEffect(site: CallSite, effect: Effect, result: Value | null, state: State): State {
  const { engine, values } = site;
  if (engine.locks) return rememberBuffer(engine, effect, values, result, state);
  switch (effect.kind) {
    case 'acquire': {
      const handle = effect.handle === 'result' ? result : values[effect.handle];
      if (handle === null || handle === undefined) return state;
      // get_dma_buf(NULL) crashes, and takes nothing.
      if (effect.handle !== 'result' && effect.resource === 'reference' && signsOf(state, handle) === zero)
        return state;
      const of = effect.of === null ? null : (values[effect.of] ?? null);
      const direction = directionAt(site, effect);
      if (effect.resource !== 'kernel-mapping' || effect.handle === 'result')
        return acquire(site, { kind: effect.resource, handle, of, direction }, isThere(effect, handle, state));
      const answers = state.answers.with(answerKeys.unfilled(handle), false);
      const address = fillMap(engine, handle, stateWith(state, { answers }));
      return acquire(site, { kind: effect.resource, handle: address.value, of, direction }, address.state);
    }
    case 'release': {
      if (effect.resource === 'kernel-mapping') return endKernelMapping(site, effect, state);
      const handle = values[effect.handle];
      if (handle === undefined) return state;
      checkPair(site, effect, handle, state);
      if (effect.resource === 'attachment') checkBuffer(site, state);
      return release(site, effect.resource, handle, state);
    }
    case 'make-fd':
      return makeDescriptor(site, values[effect.handle], result, state);
  }
}

/** The state after a vunmap. */
function endKernelMapping(site: CallSite, effect: Extract<Effect, { kind: 'release' }>, state: State): State {
  const map = site.values[effect.handle];
  const buffer = site.values[parameterIndex('vunmap', 'buffer')];
  checkFilled(site, map, state);
  const ended = mappingToEnd(site.engine, state, buffer, map);
  if (!ended) return state;
  checkPair(site, effect, ended.handle, ended.state);
  return release(site, effect.resource, ended.handle, ended.state, buffer);
}

/** The state in which an object of which a further reference was taken is one: get_dma_buf() has dereferenced it. */
function isThere({ resource, handle }: Extract<Effect, { kind: 'acquire' }>, object: Value, state: State): State {
  return resource === 'reference' && handle !== 'result' ? (assume(state, object, good) ?? state) : state;
}

/**
 * Reports a detach from a buffer of which the path has put a reference that it found: the one that kept it for the
 * attachment, as far as the code shows.
 */
function checkBuffer({ engine, call, values, frame, name }: CallSite, state: State): void {
  const [buffer] = values;
  const put = state.resources.find(
    ({ kind, handle, status, count }) =>
      kind === 'reference' && handle === buffer && status === 'released' && count === 0,
  );
  const others = state.resources.some(
    ({ kind, handle, status }) => kind === 'reference' && handle === buffer && status !== 'released',
  );
  if (!put || others) return;
  const event = { kind: 'use-after-release', at: call.at, resource: put, use: `${name}()`, origin: null } as const;
  engine.report({ ...event, isDoubtful: true }, frame, state);
}

/** Reports a release that does not fit its acquire: the other buffer's mapping, another direction. */
function checkPair(site: CallSite, effect: Extract<Effect, { kind: 'release' }>, handle: Value, state: State): void {
  const { engine, call, values, frame, name } = site;
  const held = state.resources.find(
    (one) => one.kind === effect.resource && one.handle === handle && one.status !== 'released',
  );
  if (!held) return;
  const report = (at: number, where: CallFrame): void =>
    engine.report({ kind: 'mismatched-release', at, resource: held, use: `${name}()`, origin: null }, where, state);
  if (held.kind === 'kernel-mapping') {
    if (held.status !== 'held') return;
    if (isUnfilled(state, values[effect.handle]) || isOfOther(held, values[0], state)) report(call.at, frame);
    return;
  }
  const written = writtenDirection(site, effect);
  if (written && held.direction !== null && written.name !== held.direction) report(written.at, written.frame);
}

/** Whether a mapping is that of another buffer. Two names may mean one: only that of another mapping of this path is not. */
function isOfOther({ kind, of }: Resource, buffer: Value | undefined, { resources }: State): boolean {
  return of !== buffer && resources.some((other) => other.kind === kind && other.of === buffer);
}

/** A dma_buf_fd() that fails leaves the reference where it was. */
function refuse(site: CallSite, effect: Effect, state: State): State {
  if (effect.kind !== 'make-fd') return state;
  const { values, frame, call, name } = site;
  const buffer = values[effect.handle];
  const failed = noteFailure(site, state);
  // Whoever finds the buffer through its own private data has a pointer that owns nothing.
  const isOfOwnData = buffer !== undefined && memberOfOwnData(state, buffer) !== undefined;
  const isRefused = (resource: Resource): boolean =>
    resource.kind === 'reference' &&
    resource.handle === buffer &&
    (mayGoToDescriptor(resource) || (isOfOwnData && resource.status === 'given'));
  if (buffer !== undefined && !failed.resources.some(isRefused)) return refuseAssumed(site, buffer, failed);
  return stateWith(failed, {
    resources: failed.resources.map((resource) =>
      isRefused(resource) ? { ...resource, refused: { path: frame.ref.path, at: call.at, api: name } } : resource,
    ),
  });
}

/**
 * If locks are followed, two things matter: to which dma-buf an attachment belongs, and that a vmap writes to the map.
 */
function rememberBuffer(
  engine: Engine,
  effect: Effect,
  values: readonly Value[],
  result: Value | null,
  state: State,
): State {
  if (effect.kind === 'acquire' && effect.resource === 'kernel-mapping' && effect.handle !== 'result') {
    const map = values[effect.handle];
    return map === undefined ? state : noteKind(engine, map, state);
  }
  const of = effect.kind === 'acquire' && effect.of !== null ? values[effect.of] : undefined;
  if (effect.kind !== 'acquire' || effect.resource !== 'attachment' || result === null || of === undefined)
    return state;
  return stateWith(state, { heap: state.heap.with(`${result}.dmabuf`, of) });
}

type Directed = Pick<Extract<Effect, { kind: 'acquire' | 'release' }>, 'direction'>;

/** The constant that a path passes as the direction; null where it is none. */
function directionAt({ engine, values }: CallSite, { direction }: Directed): string | null {
  const value = direction === null ? undefined : values[direction];
  const name = value === undefined ? undefined : engine.globals.get(value);
  return name !== undefined && directionNames.includes(name) ? name : null;
}

/** A constant as it is written: its name, and the call that it is written in. */
interface WrittenConstant {
  readonly name: string;
  readonly at: number;
  readonly frame: CallFrame;
}

/**
 * The direction, where a constant is written in the call itself, or where the function gets it from a caller: what is
 * computed twice may be decided otherwise the second time.
 */
function writtenDirection({ call, frame }: CallSite, { direction }: Directed): WrittenConstant | undefined {
  const argument = direction === null ? undefined : call.arguments[direction];
  return argument && constantWritten(argument, call.at, frame);
}

function constantWritten(argument: Expression, at: number, frame: CallFrame): WrittenConstant | undefined {
  if (argument.kind !== 'name') return undefined;
  const { name } = argument;
  if (directionNames.includes(name)) return { name, at, frame };
  const passed = assignmentsOf(frame.unit).values.has(name) ? undefined : passedArgument(frame, name);
  return passed && constantWritten(passed.argument, passed.at, passed.frame);
}
