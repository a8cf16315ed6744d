import type { StampedWalk } from '../../input/tree/stamped-walk.js';
import type { SourceTree } from '../../input/tree/tree.js';
import type { Config } from '../../lint/config/config.js';
import type { ScanOutcome } from '../../lint/outcome.js';
import type { ChangedLines } from '../../report/scan-report.js';
import type { FixTarget } from '../fix/fix-target.js';
import type { SideOptions } from './tree-side.js';

/** How a tree is to be scanned. */
export interface ScanRequest extends SideOptions {
  /** The configuration that the user names; if missing, the tree's own. */
  readonly config?: string | undefined;
  /** The file with old findings; false for none, though the configuration names one. */
  readonly baseline?: string | boolean;
  /** The revision that new findings are new against. */
  readonly since?: string;
  /** What of the tree is shown; all if missing. */
  readonly paths?: readonly string[];
  /** Whether results of earlier runs may be used; they may, if it is missing. */
  readonly cache?: boolean;
  readonly target?: FixTarget | undefined;
  /** Whether only findings are shown: of a change, no more is analysed than it reaches. */
  readonly asksFindingsOnly?: boolean;
  /** The files of the tree, where they are listed already. */
  readonly listed?: StampedWalk | undefined;
  /** Whether an analysis is left to a process that the parser may crash. */
  readonly leavesToAnother?: boolean;
  /** When the work began, by performance.now(). */
  readonly started: number;
}

export interface Scanned {
  readonly kind: 'scanned';
  /** What was scanned, and how. */
  readonly tree: SourceTree;
  readonly config: Config;
  readonly outcome: ScanOutcome;
  /** Whether something is not analysed that counts for --strict: with --since, that was. */
  readonly hasGaps: boolean;
  readonly changedLines: ChangedLines;
}

/** The analysis is left to another process. */
export interface LeftToAnother {
  readonly kind: 'left';
  /** The files of the tree, where they are listed already. */
  readonly walk: StampedWalk | null;
  /** Whether most of it is known from earlier runs. */
  readonly isWarm?: boolean;
}

/** The baseline that a scan is to use, as the user or the configuration names it; null for none. */
export function baselineOf({ baseline = true }: ScanRequest, config: Config): string | null {
  if (typeof baseline === 'string') return baseline;
  return baseline ? config.baseline : null;
}
