import { slotFunctionName } from '../expansion/cleanup.js';
import type { Engine, Frame } from '../paths/model.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { Resource } from '../state/resource.js';
import type { State, Value } from '../state/state.js';

/** A dma-buf has the members that its export information was given. Source: dma_buf_export(). */
export function exportedMembers(state: State, information: Value | undefined, dmabuf: Value): State['heap'] {
  let { heap } = state;
  for (const member of ['ops', 'priv']) {
    const value = heap.get(`${information}.${member}`);
    if (value !== undefined) heap = heap.with(`${dmabuf}.${member}`, value);
  }
  return heap;
}

/** The mark of what an exporter's `.release` has freed. */
export function releaseFreed(value: Value): string {
  return `freed by release:${value}`;
}

/** The export whose release has run on this path. */
export function releasedExport(state: State): Resource | null {
  return (
    state.resources.find((resource) => resource.api === 'dma_buf_export' && resource.status === 'released') ?? null
  );
}

/** The last put of a buffer that was exported here runs the exporter's `.release`. */
export function runRelease(
  engine: Engine,
  before: State,
  after: State,
  dmabuf: Value | undefined,
  frame: Frame,
): readonly State[] {
  if (dmabuf === undefined || before.freed.has(dmabuf) || !after.freed.has(dmabuf)) return [after];
  const isExport = releasedExport(after)?.handle === dmabuf;
  const table = engine.globals.get(after.heap.get(`${dmabuf}.ops`) ?? -1);
  if (!isExport || table === undefined) return [after];
  const name = slotFunctionName(engine.codebase, table, 'release', frame.ref.path);
  const release = name === undefined ? undefined : engine.codebase.definitions.findCandidate(name, frame.ref.path);
  // While its release runs, the buffer is still there.
  const running = {
    ...after,
    freed: new PersistentMap(new Map([...after.freed].filter(([value]) => value !== dmabuf))),
  };
  const ways = release && engine.call(release, [dmabuf], running, frame);
  if (!ways) return [after];
  return ways.map(({ state }) => {
    let { answers } = state;
    for (const value of state.freed.keys())
      if (!after.freed.has(value)) answers = answers.with(releaseFreed(value), true);
    return { ...state, answers, freed: state.freed.with(dmabuf, true) };
  });
}
