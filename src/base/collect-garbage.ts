import { getHeapStatistics } from 'node:v8';

let isWorthIt = true;

/** The size of the heap, in bytes, after garbage was collected here last. */
let sizeBefore = 0;

/** How much the heap has to grow, in bytes, before its garbage is worth a collection. */
const worthCollecting = 16 * 1024 * 1024;

/**
 * Frees memory between stages, where the process was started with `--expose-gc`: the engine itself would keep some
 * 200 MB of garbage. It takes some 50 ms, so it does nothing after a stage that made little: a series has four stages
 * for each patch.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (!isWorthIt || !gc || getHeapStatistics().used_heap_size < sizeBefore + worthCollecting) return;
  gc();
  sizeBefore = getHeapStatistics().used_heap_size;
}

/**
 * Lets the event loop go round once. The parser's trees are freed only then, after the garbage collector has found that
 * nobody has them any more: those of a whole kernel take 25 MB.
 */
export async function freeParserTrees(): Promise<void> {
  if (isWorthIt) await new Promise((resolve) => setImmediate(resolve));
}

/** Frees memory as {@link collectGarbage} and {@link freeParserTrees} do. */
export async function releaseMemory(): Promise<void> {
  collectGarbage();
  await freeParserTrees();
}

/**
 * Makes these functions do nothing from now on: somebody waits for each answer, and little garbage is made at a
 * time. Memory belongs to the process, not to a command, so only the entry file of a process calls this. No result
 * depends on it.
 */
export function stopCollecting(): void {
  isWorthIt = false;
}
