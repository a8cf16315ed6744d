import type { Severity } from '../../lint/finding.js';
import type { ScanOutcome } from '../../lint/outcome.js';
import type { SeriesOutcome } from '../../lint/series/series-outcome.js';
import type { ReportedJob } from '../../report/batch/batch-jobs.js';
import type { RunReport } from '../../report/run-report.js';
import type { Affected } from '../../report/series/affected.js';
import type { Terminal } from '../cli/terminal.js';
import type { ShownMatrix } from '../matrix/matrix-formats.js';

/** What a format shows of a tree or a series, the outcome in the one form that many formats share. */
export interface ShownReport {
  readonly report: RunReport;
  readonly failOn: Severity;
}

export interface ShownScan extends ShownReport {
  readonly outcome: ScanOutcome;
  readonly colour: boolean;
  /** Whether to show findings only. */
  readonly quiet: boolean;
  /** How wide lines may be; null for a pipe or a file. */
  readonly columns: number | null;
}

export interface ShownSeries extends ShownReport {
  readonly outcome: SeriesOutcome;
  readonly colour: boolean;
  /** Whether to show also what was there before. */
  readonly all: boolean;
  /** Whom the series concerns besides those whose files it changes; null where no format asks. */
  readonly affected: Affected | null;
  /** How wide lines may be; null for a pipe or a file. */
  readonly columns: number | null;
}

export interface ShownDocs extends ShownReport {
  /** How wide lines may be; null for a pipe or a file. */
  readonly columns: number | null;
}

export type Write<Shown> = (shown: Shown) => Promise<string>;

/** An output format: a row of `formats.ts`. It knows how to write what it is for, and what its readers expect. */
export interface Format {
  readonly scan?: Write<ShownScan>;
  readonly series?: Write<ShownSeries>;
  readonly matrix?: Write<ShownMatrix>;
  /** For the jobs of batches. */
  readonly merge?: Write<readonly ReportedJob[]>;
  /** What of the documentation is stale. */
  readonly docs?: Write<ShownDocs>;
  /** The same for a tree and for a series. */
  readonly report?: Write<ShownReport>;
  /** Whether a line that sums up belongs on standard error. Readers of other formats take it for a failure. */
  readonly hasSummary?: true;
  /** Whether a series that adds no finding gets no such line. */
  readonly isSilentIfClean?: true;
  /** Whether remarks on a series do not belong on standard error: it shows them itself, or every line is a failure. */
  readonly isQuiet?: true;
  /** Whether its reader takes every line on standard error for a failure. */
  readonly isStrict?: true;
  /** Whether its reader hands over one patch after the other, each with the whole branch checked out. */
  readonly isPerPatch?: true;
  /** Whether it shows importers and exporters that the series does not touch, too. */
  readonly isWhole?: true;
  /** Whether it shows the importers and exporters of a tree beside the findings. */
  readonly showsInventory?: 'always' | 'unless-quiet';
  /** Whether it tells whom a series concerns besides those whose files it changes. */
  readonly tellsAffected?: true;
  /** Whether it tells which commit brought a finding of a tree in. */
  readonly tellsOrigins?: true;
  /** Whether it quotes the patches. */
  readonly hasDiffs?: true;
  /** Whether it says where the repository is had from. */
  readonly hasRepository?: true;
  /** Ends a run in the way that its reader wants. @returns the exit code */
  readonly conclude?: (ending: Ending) => Promise<number>;
}

/** What a format may want to know when a run ends. */
export interface Ending extends ShownReport {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}
