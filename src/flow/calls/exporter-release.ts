import { roleOf } from '../../kernel/index.js';
import { slotFunctionName } from '../expansion/cleanup.js';
import type { CallFrame, Engine } from '../model/engine.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { Resource } from '../state/resource.js';
import { answerKeys, type State } from '../state/state.js';
import type { Value } from '../state/value.js';

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
  frame: CallFrame,
): readonly State[] {
  if (dmabuf === undefined || before.freed.has(dmabuf) || !after.freed.has(dmabuf)) return [after];
  const isExport = releasedExport(after)?.handle === dmabuf;
  const table = engine.globals.get(after.heap.get(`${dmabuf}.ops`) ?? -1);
  if (!isExport || table === undefined) return [after];
  const { definitions } = engine.codebase;
  const name = slotFunctionName(engine.codebase, table, 'release', frame.ref.path);
  const release = name === undefined ? undefined : definitions.findCandidate(name, frame.ref.path);
  // The dma-buf is still there while its `.release` runs.
  const running: State = {
    ...after,
    freed: new PersistentMap(new Map([...after.freed].filter(([value]) => value !== dmabuf))),
  };
  const results = release && engine.call(release, [dmabuf], running, frame);
  if (!results) return [after];
  return results.map(({ state }) => {
    let { answers } = state;
    for (const value of state.freed.keys())
      if (!after.freed.has(value)) answers = answers.with(answerKeys.freedByRelease(value), true);
    return { ...state, answers, freed: state.freed.with(dmabuf, true) };
  });
}
