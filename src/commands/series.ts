import { rules } from '../../rules/index.js';
import { UserError } from '../input/errors.js';
import { type MailInput, readMailStream } from '../input/mail-series.js';
import { openSeries } from '../input/open-series.js';
import { withScratch } from '../input/scratch.js';
import type { SeriesRequest } from '../input/series-source.js';
import {
  askedFor,
  hasNew,
  judgeSeries,
  newFindings,
  newGaps,
  runSeriesRules,
  type SeriesOutcome,
  type Severity,
} from '../lint/index.js';
import { createInfluence } from '../program/index.js';
import {
  escapeForTerminal,
  formatSeriesB4,
  formatSeriesCheckpatch,
  formatSeriesGcc,
  formatSeriesJson,
  formatSeriesText,
  seriesSummary,
} from '../report/index.js';
import { analyser } from './analyse.js';
import { findConfig } from './config.js';
import { exitFindings, exitNotAnalysed } from './exit-codes.js';
import type { Terminal } from './terminal.js';

export const seriesFormats = ['text', 'gcc', 'checkpatch', 'json', 'markdown', 'b4'] as const;
export type SeriesFormat = (typeof seriesFormats)[number];

export interface SeriesOptions {
  readonly tree: string;
  readonly base?: string;
  readonly mergeWith?: string;
  readonly format?: SeriesFormat;
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
  const format = options.format ?? (terminal.isTerminal ? 'text' : 'gcc');
  const judging = withScratch((scratch) => judge(names, options, format, scratch, terminal));
  const outcome = await judging.finally(() => terminal.progress(null));
  for (const remark of outcome.judged.series.remarks)
    if (format !== 'text' && format !== 'b4') terminal.writeError(`dmabuf-lint: ${escapeForTerminal(remark)}\n`);
  terminal.write(await formatAs(format, outcome, options, terminal.hasColour));
  if (format === 'gcc' && newFindings(outcome).length > 0) terminal.writeError(`${seriesSummary(outcome)}\n`);
  if (options.strict && outcome.judged.patches.some((patch) => newGaps(patch).length > 0)) return exitNotAnalysed;
  return hasNew(outcome, options.failOn) ? exitFindings : 0;
}

async function judge(
  names: readonly string[],
  options: SeriesOptions,
  format: SeriesFormat,
  scratch: string,
  terminal: Terminal,
): Promise<SeriesOutcome> {
  const started = performance.now();
  const config = findConfig(options.tree, options.config);
  const request: SeriesRequest = {
    folder: options.tree,
    names,
    base: options.base ?? null,
    mergeWith: options.mergeWith ?? null,
    isOneCommit: format === 'b4',
    readStdin,
  };
  terminal.progress('reading the series');
  const opened = await openSeries(request, scratch);
  const influence = createInfluence(opened.baseTree);
  const judged = await judgeSeries(opened, analyser(config, options.cache), {
    // Who asks for a table or for data gets all of it; others are told nothing where there is nothing to tell.
    isWhole: format === 'json' || format === 'markdown' || options.all,
    mayMatter: influence.mayMatter,
    onProgress: (done, all) => terminal.progress(`judging patch ${done + 1} of ${all}`),
  });
  const findings = runSeriesRules(judged, rules, config);
  return askedFor({ judged, findings, milliseconds: Math.round(performance.now() - started) });
}

function readStdin(): Promise<MailInput> {
  if (process.stdin.isTTY) throw new UserError('-: nothing is piped in; name a range or a mailbox, or pipe a patch');
  return readMailStream(process.stdin);
}

async function formatAs(
  format: SeriesFormat,
  outcome: SeriesOutcome,
  { all }: SeriesOptions,
  colour: boolean,
): Promise<string> {
  switch (format) {
    case 'text':
      return formatSeriesText(outcome, { colour, all });
    case 'gcc':
      return formatSeriesGcc(outcome);
    case 'checkpatch':
      return formatSeriesCheckpatch(outcome);
    case 'json':
      return formatSeriesJson(outcome);
    case 'markdown':
      return (await import('../report/series-markdown.js')).formatSeriesMarkdown(outcome);
    case 'b4':
      return formatSeriesB4(outcome);
  }
}
