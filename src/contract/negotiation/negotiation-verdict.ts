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

/** The outcome for one importer and one exporter, and why. */
export interface Negotiated {
  readonly verdict: NegotiationVerdict;
  /** One sentence, lower case and without a full stop. */
  readonly reason: string;
  /** The reason without names: cells with the same cause are alike. */
  readonly cause: string;
  readonly trace: readonly TraceStep[];
}

/** Returns the worse of two outcomes, the first of equals. */
export function worse(one: Negotiated, other: Negotiated): Negotiated {
  return negotiationVerdicts.indexOf(other.verdict) < negotiationVerdicts.indexOf(one.verdict) ? other : one;
}
