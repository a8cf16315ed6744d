import { roleOf } from '../../kernel/index.js';
import type { FunctionRef } from '../../program/index.js';
import type { CallerPlace, CallFrame, Engine } from '../model/engine.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import type { Value } from '../state/value.js';
import { notePutByRelease } from './own-counts.js';
import { releaseName } from './release-slot.js';

/** The heap after dma_buf_export(): the dma-buf has the `ops` and `priv` of its export information. */
export function exportedMembers(state: State, information: Value | undefined, dmabuf: Value): State['heap'] {
  let { heap } = state;
  for (const member of ['ops', 'priv']) {
    const value = heap.get(`${information}.${member}`);
    if (value !== undefined) heap = heap.with(`${dmabuf}.${member}`, value);
  }
  return heap;
}

/** The export whose last reference was put on this path, or null. */
export function releasedExport(state: State): Resource | null {
  return (
    state.resources.find((resource) => roleOf(resource.api) === 'export' && resource.status === 'released') ?? null
  );
}

/** The exporter's `.release` of a dma-buf that was exported on this path; undefined where it is not found. */
export function exporterRelease(
  engine: Engine,
  state: State,
  dmabuf: Value,
  frame: CallFrame,
): FunctionRef | undefined {
  const isExport = state.resources.some(({ handle, api }) => handle === dmabuf && roleOf(api) === 'export');
  const ops = isExport ? state.heap.get(`${dmabuf}.ops`) : undefined;
  if (ops === undefined) return undefined;
  const name = releaseName(engine, state, ops, frame.ref.path);
  return name === undefined ? undefined : engine.codebase.definitions.findCandidate(name, frame.ref.path);
}

/** What a path knows, but for what user space can free by closing the descriptor of a dma-buf: now this path frees it. */
function withoutPublished({ answers }: State, dmabuf: Value): State['answers'] {
  let after = answers;
  answers.forEach((of, key) => {
    if (of === dmabuf && answerKeys.isPublished(key)) after = after.with(key, false);
  });
  return after;
}

/** Follows an exporter's `.release`. The dma-buf is still there while it runs. @returns undefined where it is too deep */
function runRelease(
  engine: Engine,
  release: FunctionRef,
  dmabuf: Value,
  state: State,
  { frame, at }: CallerPlace,
): readonly State[] | undefined {
  const running: State = stateWith(state, {
    freed: new PersistentMap(new Map([...state.freed].filter(([value]) => value !== dmabuf))),
    answers: withoutPublished(state, dmabuf),
  });
  return engine.call(release, [dmabuf], running, { frame: { ...frame, spare: 1 }, at })?.map((result) => result.state);
}

/** What the exporter's `.release` frees on each of its paths, which is tried out here. */
export function freedByClose(
  engine: Engine,
  release: FunctionRef,
  dmabuf: Value,
  state: State,
  from: CallerPlace,
): readonly Value[] {
  const { length } = engine.events;
  const { steps, incomplete } = engine.budget;
  const results = runRelease(engine, release, dmabuf, state, from) ?? [];
  // Nothing of this happens on the path.
  engine.events.length = length;
  Object.assign(engine.budget, { steps, incomplete });
  const [first, ...others] = results;
  if (!first) return [];
  return [...first.freed.keys()].filter(
    (value) => !state.freed.has(value) && others.every(({ freed }) => freed.has(value)),
  );
}

/**
 * The states after a dma_buf_put(). The last put of a dma-buf that was exported on this path runs the exporter's
 * `.release`.
 * @param before the state before the put
 * @param after the state after it, without the effects of `.release`
 */
export function runExporterRelease(
  engine: Engine,
  before: State,
  after: State,
  dmabuf: Value | undefined,
  from: CallerPlace,
): readonly State[] {
  if (dmabuf === undefined || before.freed.has(dmabuf)) return [after];
  const release = exporterRelease(engine, after, dmabuf, from.frame);
  if (release && isExportPut(after, dmabuf)) return [withTrap(engine, release, dmabuf, after, from)];
  if (!after.freed.has(dmabuf)) return [after];
  const results = release && runRelease(engine, release, dmabuf, after, from);
  if (!results) return [after];
  return results.map((state) => {
    let { answers } = state;
    for (const value of state.freed.keys())
      if (!after.freed.has(value)) {
        engine.frees.set(value, from);
        answers = answers.with(answerKeys.freedByRelease(value), true);
      }
    return notePutByRelease(after, stateWith(state, { answers, freed: state.freed.with(dmabuf, true) }));
  });
}

/** Whether the path has put the reference of an export that others know: who puts the last one is not seen. */
function isExportPut({ answers, resources, freed }: State, dmabuf: Value): boolean {
  return (
    !freed.has(dmabuf) &&
    !answers.has(answerKeys.overPut(dmabuf)) &&
    resources.some(
      ({ kind, handle, api, status, count }) =>
        kind === 'reference' && handle === dmabuf && roleOf(api) === 'export' && status === 'released' && count > 0,
    )
  );
}

/** The state in which nobody but the exporter's `.release` may free what it frees, though it has not run yet. */
function withTrap(engine: Engine, release: FunctionRef, dmabuf: Value, state: State, from: CallerPlace): State {
  let { answers } = state;
  for (const value of freedByClose(engine, release, dmabuf, state, from)) {
    engine.frees.set(value, from);
    answers = answers.with(answerKeys.freedByRelease(value), true);
  }
  return stateWith(state, { answers });
}
