import { UserError } from '../../base/errors.js';
import { waitingFor } from '../../base/profile.js';
import { withScratch } from '../../base/scratch.js';
import { writeTogether } from '../../base/write-files.js';
import { repositoryUri } from '../../input/git/repository-uri.js';
import { type MailInput, readMailStream } from '../../input/mail/mail-series.js';
import { openSeries } from '../../input/series/open-series.js';
import type { SeriesRequest } from '../../input/series/series-source.js';
import { askedFor, hasNew, newFindings, newGaps, type SeriesOutcome, type Severity } from '../../lint/index.js';
import {
  escapeForTerminal,
  formatSeriesJson,
  formatSeriesText,
  type RunReport,
  seriesReport,
  seriesSummary,
} from '../../report/index.js';
import { findConfig } from '../cli/config.js';
import { exitFindings, exitNotAnalysed } from '../cli/exit-codes.js';
import { isReportFormat, type SeriesFormat, seriesFormats } from '../cli/format-names.js';
import { concludeNipa } from '../cli/nipa.js';
import { type OutputOptions, outputsOf } from '../cli/outputs.js';
import { formatReport, leavesRoomForSummary } from '../cli/report-formats.js';
import type { Terminal } from '../cli/terminal.js';

export interface SeriesOptions extends OutputOptions<SeriesFormat> {
  readonly tree: string;
  readonly base?: string;
  readonly mergeWith?: string;
  readonly config?: string;
  readonly all: boolean;
  readonly failOn: Severity;
  readonly strict: boolean;
  readonly cache: boolean;
}

/**
 * `dmabuf-lint series [range | mbox | directory | -]`: tells what each patch of a series does to the contract.
 * @returns the exit code
 * @throws UserError
 */
export async function series(names: readonly string[], options: SeriesOptions, terminal: Terminal): Promise<number> {
  const outputs = outputsOf(seriesFormats, options, { terminal: terminal.isTerminal ? 'text' : 'gcc', file: 'gcc' });
  const formats = [outputs.terminal, ...outputs.files.map(({ format }) => format)];
  const hasDiffs = formats.includes('mail');
  const judging = withScratch(async (scratch) => {
    const outcome = await judge(names, options, formats, scratch, terminal);
    const repository = formats.includes('sarif') ? await repositoryUri(options.tree) : null;
    return { outcome, report: await seriesReport(outcome, { repository, hasDiffs }) };
  });
  const { outcome, report } = await judging.finally(() => terminal.progress(null));
  const texts = await Promise.all(
    outputs.files.map(async ({ format, path }) => ({
      path,
      text: await waitingFor('report', () => formatAs(format, outcome, report, options, false)),
    })),
  );
  await writeTogether(texts);
  return await print(outputs.terminal, outcome, report, options, terminal);
}

/** Shows what came out. @returns the exit code */
async function print(
  format: SeriesFormat,
  outcome: SeriesOutcome,
  report: RunReport,
  options: SeriesOptions,
  terminal: Terminal,
): Promise<number> {
  // The one shows them itself; b4 takes every line on standard error for a failure.
  if (format !== 'text' && !format.startsWith('b4'))
    for (const remark of outcome.judged.series.remarks)
      terminal.writeError(`dmabuf-lint: ${escapeForTerminal(remark)}\n`);
  terminal.write(await waitingFor('report', () => formatAs(format, outcome, report, options, terminal.hasColour)));
  if (leavesRoomForSummary(format) && (format !== 'gcc' || newFindings(outcome).length > 0))
    terminal.writeError(`${seriesSummary(outcome)}\n`);
  const ofNipa = format === 'nipa' ? concludeNipa(report, options.failOn, terminal) : null;
  if (options.strict && outcome.judged.patches.some((patch) => newGaps(patch).length > 0)) return exitNotAnalysed;
  return ofNipa ?? (hasNew(outcome, options.failOn) ? exitFindings : 0);
}

/** Formats that tell of importers and exporters, whether or not the series touches them. */
const wholeFormats: ReadonlySet<SeriesFormat> = new Set(['json', 'markdown', 'junit']);

async function judge(
  names: readonly string[],
  options: SeriesOptions,
  formats: readonly SeriesFormat[],
  scratch: string,
  terminal: Terminal,
): Promise<SeriesOutcome> {
  const started = performance.now();
  const config = await findConfig(options.tree, options.config);
  const request: SeriesRequest = {
    folder: options.tree,
    names,
    base: options.base ?? null,
    mergeWith: options.mergeWith ?? null,
    isOneCommit: formats.some((format) => format.startsWith('b4')),
    readStdin,
  };
  terminal.progress('reading the series');
  // What judges is loaded while the series is read and applied.
  const [opened, { judgeOpened }] = await Promise.all([openSeries(request, scratch), import('./judge-opened.js')]);
  const { judged, findings } = await judgeOpened(opened, config, {
    isCached: options.cache,
    // Who asks for a table or for data gets all of it; others are told nothing where there is nothing to tell.
    isWhole: options.all || formats.some((format) => wholeFormats.has(format)),
    terminal,
  });
  return askedFor({ judged, findings, milliseconds: Math.round(performance.now() - started) });
}

function readStdin(): Promise<MailInput> {
  if (process.stdin.isTTY) throw new UserError('-: nothing is piped in; name a range or a mailbox, or pipe a patch');
  return readMailStream(process.stdin);
}

async function formatAs(
  format: SeriesFormat,
  outcome: SeriesOutcome,
  report: RunReport,
  { all, failOn }: SeriesOptions,
  colour: boolean,
): Promise<string> {
  if (isReportFormat(format)) return await formatReport(format, report, failOn);
  switch (format) {
    case 'text':
      return formatSeriesText(outcome, { colour, all });
    case 'json':
      return formatSeriesJson(outcome);
    case 'markdown':
      return (await import('../../report/series/series-markdown.js')).formatSeriesMarkdown(outcome);
  }
}
