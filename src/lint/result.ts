import type { Contract } from '../contract/index.js';
import type { KnownFindings } from './baseline/known-findings.js';
import type { Finding } from './finding.js';
import type { Fixes } from './fixing/fix.js';
import type { PlacedSuppression } from './suppression/placed-suppression.js';
import type { SuppressedFinding } from './suppression/suppression.js';

/** The findings of one tree, with the contract that they were derived from. */
export interface Result {
  readonly contract: Contract;
  readonly findings: readonly Finding[];
  /** Findings that a comment in the source suppresses; they are not in `findings`. */
  readonly suppressed: readonly SuppressedFinding[];
  /** All comments that suppress a rule, whether or not it has anything to report there. */
  readonly suppressions: readonly PlacedSuppression[];
  readonly fixes: Fixes;
  /** Set where `findings` holds only new ones: the others. */
  readonly known?: KnownFindings;
  /** The commit of the tree, where git knows it. */
  readonly revision: string | null;
  readonly stats: RunStats;
}

/** What a run cost. */
export interface RunStats {
  /** Source files in the tree. */
  readonly filesSeen: number;
  readonly filesParsed: number;
  /** Functions whose bodies were read. */
  readonly functions: number;
  readonly milliseconds: number;
}
