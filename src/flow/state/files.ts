// The `file` of a dma-buf stands for the buffer: their references are the same. Source: include/linux/dma-buf.h.

import { bufferFile } from '../../kernel/index.js';
import { objectOfKey } from './heap.js';
import type { State } from './state.js';
import type { Value } from './value.js';

/** Whether a value is the `file` of a buffer. */
export function isFileOf({ heap }: Pick<State, 'heap'>, buffer: Value, file: Value): boolean {
  return heap.get(`${buffer}.${bufferFile}`) === file;
}

/** The dma-buf whose `file` a value is, if the path has or had a reference to it. */
export function bufferOfFile(state: State, file: Value): Value | undefined {
  return state.resources.find(({ kind, handle }) => kind === 'reference' && isFileOf(state, handle, file))?.handle;
}

/** The object whose `file` a value is, whatever the object is. */
export function objectOfFile({ heap }: State, file: Value): Value | undefined {
  for (const [key, value] of heap) if (value === file && key.endsWith(`.${bufferFile}`)) return objectOfKey(key);
  return undefined;
}
