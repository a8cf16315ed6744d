// Which outcomes has a negotiation, and which one is worse?

import type { TraceStep } from '../places.js';

/** The possible outcomes for an importer and an exporter, the worst first. */
export const negotiationVerdicts = [
  'unsafe',
  'may wait for ever',
  'unknown',
  'refused at map',
  'refused at pin',
  'refused at attach',
  'works',
] as const;
export type NegotiationVerdict = (typeof negotiationVerdicts)[number];

/** Why an outcome is what it is, without names: cells with the same verdict and cause are alike. */
export type NegotiationCause =
  // refused
  | 'no callback'
  | 'not peer-to-peer'
  | 'not revocable'
  | 'no pins'
  | 'never attaches'
  | 'never maps'
  | 'no private hook'
  | 'no common type'
  // works
  | 'stays'
  | 'pinned'
  | 'follows'
  // neither
  | 'cannot follow'
  | 'no unmap'
  | 'no wait'
  | 'callback not known'
  | 'mapping type not known'
  | 'ops not readable'
  | 'partly there';

/** The outcome for one importer and one exporter, and why. */
export interface Negotiated {
  readonly verdict: NegotiationVerdict;
  /** One sentence, lower case and without a full stop. */
  readonly reason: string;
  readonly cause: NegotiationCause;
  readonly trace: readonly TraceStep[];
  /**
   * The mapping types on which they may agree, the most likely first: one where nothing else is possible, and none where the
   * attach fails. Null where the tree's core has no mapping types.
   */
  readonly mappingTypes: readonly string[] | null;
}

/** Returns the worse of two outcomes, the first of equals. */
export function worse(one: Negotiated, other: Negotiated): Negotiated {
  return negotiationVerdicts.indexOf(other.verdict) < negotiationVerdicts.indexOf(one.verdict) ? other : one;
}

/** An outcome in a tree whose core has no mapping types, or as far as they do not matter. */
export function outcome(
  verdict: NegotiationVerdict,
  cause: NegotiationCause,
  reason: string,
  trace: readonly TraceStep[],
): Negotiated {
  return { verdict, cause, reason, trace, mappingTypes: null };
}
