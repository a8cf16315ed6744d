import { isWatched } from '../../base/parsing-watch.js';
import { waitingFor } from '../../base/profile.js';
import { writeTogether } from '../../base/write-files.js';
import { repositoryUri } from '../../input/git/repository-uri.js';
import { isAtLeast, type Severity } from '../../lint/finding.js';
import type { ScanOutcome } from '../../lint/outcome.js';
import type { RunReport } from '../../report/run-report.js';
import { scanReport } from '../../report/scan-report.js';
import { fixedLines } from '../../report/text/known.js';
import { summaryLine } from '../../report/text/summary.js';
import { findConfig } from '../cli/config.js';
import { exitFindings, exitNotAnalysed } from '../cli/exit-codes.js';
import { type ScanFormat, scanFormats } from '../cli/format-names.js';
import { concludeNipa } from '../cli/nipa.js';
import { type OutputOptions, outputsOf } from '../cli/outputs.js';
import { formatReport, leavesRoomForSummary } from '../cli/report-formats.js';
import { canBeSupervised, handedOver, supervise } from '../cli/supervise.js';
import type { Terminal } from '../cli/terminal.js';
import { type FixOptions, fixTarget } from '../fix/fix-target.js';
import { type LeftToAnother, scanTree } from './scan-tree.js';

// What analyses is loaded when it is called: a tree that is known is told of without it.

export interface ScanOptions extends OutputOptions<ScanFormat>, FixOptions {
  readonly config?: string;
  readonly failOn: Severity;
  readonly strict: boolean;
  /** The file with old findings; false for none, though the configuration names one. */
  readonly baseline?: string | boolean;
  /** The revision that new findings are new against. */
  readonly since?: string;
  /** Whether what earlier runs found may be used. */
  readonly cache?: boolean;
  /** `<file>:<function>` whose paths are to be told instead of scanning. */
  readonly explainPath?: string;
}

/**
 * `dmabuf-lint scan [tree]`: prints what the tree's importers and exporters do and what is wrong with them.
 * @returns the exit code
 * @throws InputError, ConfigError
 */
export async function scan(folder: string, options: ScanOptions, terminal: Terminal): Promise<number> {
  const started = performance.now();
  if (options.explainPath !== undefined) {
    const { explainPath } = await import('./explain-path.js');
    return await explainPath(folder, options.explainPath, terminal);
  }
  const config = await findConfig(folder, options.config);
  const target = fixTarget(options);
  const outputs = outputsOf(scanFormats, options, { terminal: terminal.isTerminal ? 'text' : 'gcc', file: 'gcc' });
  terminal.progress('scanning');
  const given = isWatched ? ((await handedOver()) as LeftToAnother | null) : null;
  const request = { ...options, target, started, leavesToAnother: !isWatched && canBeSupervised() };
  const scanning = scanTree(folder, config, request, given, terminal);
  const scanned = await scanning.finally(() => terminal.progress(null));
  if ('walk' in scanned) return await supervise(terminal, scanned);
  const { outcome, changedLines, hasGaps } = scanned;
  const report = scanReport(outcome, { repository: await repositoryOf(folder, outcome), changedLines });
  const texts = await Promise.all(
    outputs.files.map(async ({ format, path }) => ({
      path,
      text: await waitingFor('report', () =>
        formatAs(format, outcome, report, { colour: false, failOn: options.failOn }),
      ),
    })),
  );
  await writeTogether(texts);
  const shown = { colour: terminal.hasColour, failOn: options.failOn };
  const isTaken = options.fixPatch === true;
  if (!isTaken) terminal.write(await waitingFor('report', () => formatAs(outputs.terminal, outcome, report, shown)));
  if (isTaken || leavesRoomForSummary(outputs.terminal))
    terminal.writeError([...fixedLines(outcome), `${summaryLine(outcome)}\n`].join(''));
  const ofNipa = outputs.terminal === 'nipa' && !isTaken ? concludeNipa(report, options.failOn, terminal) : null;
  if (options.strict && hasGaps) return exitNotAnalysed;
  if (ofNipa !== null) return ofNipa;
  return outcome.findings.some((finding) => isAtLeast(finding.severity, options.failOn)) ? exitFindings : 0;
}

/** Only a tree with a revision is one of a repository. */
async function repositoryOf(folder: string, { revision }: ScanOutcome): Promise<string | null> {
  return revision === null ? null : await repositoryUri(folder);
}

async function formatAs(
  format: ScanFormat,
  outcome: ScanOutcome,
  report: RunReport,
  { colour, failOn }: { readonly colour: boolean; readonly failOn: Severity },
): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('../../report/text/text.js')).formatText(outcome, colour);
    case 'json':
      return (await import('../../report/formats/json.js')).formatJson(outcome);
    default:
      return await formatReport(format, report, failOn);
  }
}
