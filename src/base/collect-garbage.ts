let isWorthIt = true;

/**
 * Lets go of what is not needed any more, where the process was begun so that it can be asked to: between stages, since
 * the engine itself would let some 200 MB lie about. It takes some 50 ms.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (isWorthIt) gc?.();
}

/** From here on little is made at a time, and somebody waits for it: the engine does that well by itself. */
export function stopCollecting(): void {
  isWorthIt = false;
}
