import type { TraceStep } from '../places.js';

/** The worst that can come of an importer and an exporter, the worst first. */
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

/** What comes of one importer and one exporter, and why. */
export interface Negotiated {
  readonly verdict: NegotiationVerdict;
  /** One sentence, lower case and without a full stop. */
  readonly reason: string;
  /** The same without names: cells with the same cause are alike. */
  readonly cause: string;
  readonly trace: readonly TraceStep[];
}

/** The worse of two outcomes; of equals the first. */
export function worse(one: Negotiated, other: Negotiated): Negotiated {
  return negotiationVerdicts.indexOf(other.verdict) < negotiationVerdicts.indexOf(one.verdict) ? other : one;
}
