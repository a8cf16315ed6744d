import type { CallExpression } from '../../c/index.js';
import { apiFunctions } from '../../kernel/effects.js';
import { applyApi } from '../evaluate/api-call.js';
import type { Engine, Evaluated, Frame } from '../paths/model.js';
import { share } from './objects.js';
import { type State, type Value, zeroValue } from './state.js';

/** How often a kref was taken on this path since kref_init(); unknown where that was not seen. */
function countKey(value: Value): string {
  return `kref:${value}`;
}

/** References that are counted by other means than the API's own functions; undefined for every other call. */
export function applyCount(
  engine: Engine,
  name: string,
  call: CallExpression,
  values: readonly Value[],
  state: State,
  frame: Frame,
): readonly Evaluated[] | undefined {
  const [first, second] = values;
  if (first === undefined) return undefined;
  switch (name) {
    case 'kref_init':
      return [{ value: zeroValue, state: withCount(state, first, 1) }];
    case 'kref_get': {
      const count = state.answers.get(countKey(first));
      return typeof count === 'number' ? [{ value: zeroValue, state: withCount(state, first, count + 1) }] : undefined;
    }
    case 'kref_put':
      return putKref(engine, call, first, state, frame);
    case 'fput':
    case 'get_file': {
      const dmabuf = bufferOfFile(state, first);
      const api = apiFunctions.get(name === 'fput' ? 'dma_buf_put' : 'get_dma_buf');
      return dmabuf === undefined || !api ? undefined : applyApi(engine, name, api, call, [dmabuf], state, frame);
    }
    case 'fd_install': {
      const dmabuf = second === undefined ? undefined : bufferOfFile(state, second);
      return dmabuf === undefined
        ? undefined
        : [
            {
              value: zeroValue,
              state: share(state, dmabuf, frame, { at: call.at, end: { kind: 'given-to-descriptor' } }),
            },
          ];
    }
    case 'dma_buf_fd_install':
      return [
        { value: zeroValue, state: share(state, first, frame, { at: call.at, end: { kind: 'given-to-descriptor' } }) },
      ];
    default:
      return undefined;
  }
}

function withCount(state: State, value: Value, count: number): State {
  return { ...state, answers: state.answers.with(countKey(value), count) };
}

/** The last kref_put() runs the release function that it names. */
function putKref(
  engine: Engine,
  call: CallExpression,
  kref: Value,
  state: State,
  frame: Frame,
): readonly Evaluated[] | undefined {
  const count = state.answers.get(countKey(kref));
  if (typeof count !== 'number') return undefined;
  if (count > 1) return [{ value: zeroValue, state: withCount(state, kref, count - 1) }];
  const [, release] = call.arguments;
  const target =
    release?.kind === 'name' ? engine.codebase.definitions.findCandidate(release.name, frame.ref.path) : undefined;
  const ways = target && engine.call(target, [kref], state, frame);
  // What a release function decides to leave, as memory that a device still has, is no oversight.
  return ways?.map((way) => ({
    ...way,
    state: share(way.state, kref, frame, { at: call.at, end: { kind: 'left-by-release-function' }, takesOver: true }),
  }));
}

/** The dma-buf whose file a value is: `dmabuf->file`. */
function bufferOfFile(state: State, file: Value): Value | undefined {
  return state.resources.find(({ kind, handle }) => kind === 'reference' && state.heap.get(`${handle}.file`) === file)
    ?.handle;
}
