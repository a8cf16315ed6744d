import type { Contract } from '../contract/index.js';
import type { KnownFindings } from './baseline/known-findings.js';
import type { Finding } from './finding.js';
import type { Fixes } from './run.js';
import type { SuppressedFinding } from './suppression/suppression.js';

/** What one run found, with all that it was found from. */
export interface Result {
  readonly contract: Contract;
  readonly findings: readonly Finding[];
  /** What comments in the source suppress: no part of the findings. */
  readonly suppressed: readonly SuppressedFinding[];
  /** What rules propose to mend findings: nothing that was checked, see fixFindings. */
  readonly fixes: Fixes;
  /** What was there before, where the findings are only those that are new. */
  readonly known?: KnownFindings;
  readonly revision: string | null;
  readonly stats: RunStats;
}

export interface RunStats {
  readonly filesSeen: number;
  readonly filesParsed: number;
  readonly functions: number;
  readonly milliseconds: number;
}
