// The part of the model about what an importer's callback does.

import type { TraceStep } from '../places.js';

/**
 * Why an unmap does not take the memory from a working device. `refresh`: the code unmaps only to map again, and only
 * when its caller asks for a new mapping. `device-gone`: the code unmaps only once the importer's own device is gone.
 */
export type Deferral = 'refresh' | 'device-gone';

/** The callback reaches an unmap, but that unmap is deferred. */
export interface DeferringVerdict {
  readonly kind: 'defers';
  readonly how: Deferral;
  readonly trace: readonly TraceStep[];
}

/** What an importer's callback does. The trace is the call path that proves it. */
export type CallbackVerdict =
  | { readonly kind: 'absent' }
  /** The callback provably only logs, asserts or returns. */
  | { readonly kind: 'stub'; readonly only: 'warns' | 'returns'; readonly trace: readonly TraceStep[] }
  /** The callback reaches an unmap. */
  | { readonly kind: 'unmaps'; readonly trace: readonly TraceStep[] }
  /** The callback stops access in another known way: `how` names the call and what it does. */
  | { readonly kind: 'blocks-access'; readonly how: string; readonly trace: readonly TraceStep[] }
  /** All code below the callback is known, and every unmap in it is deferred. */
  | DeferringVerdict
  /** All code below the callback is known, it is no stub, and no call path leads to an unmap. */
  | { readonly kind: 'never-unmaps'; readonly trace: readonly TraceStep[] }
  /** Some code below the callback cannot be followed; `through` names the call that leads there. */
  | {
      readonly kind: 'opaque';
      readonly through: string;
      readonly trace: readonly TraceStep[];
      /** Set where all unmaps in the code that can be followed are deferred. */
      readonly deferred?: DeferringVerdict | undefined;
    };
