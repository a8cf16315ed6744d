import { UserError } from '../../base/errors.js';
import { repositoryUri } from '../../input/git/repository-uri.js';
import { type MailInput, readMailStream } from '../../input/mail/mail-series.js';
import { hasNew, newFindings, newGaps, type SeriesOutcome, type Severity } from '../../lint/index.js';
import { escapeForTerminal, type RunReport, seriesReport, seriesSummary } from '../../report/index.js';
import type { Affected } from '../../report/series/affected.js';
import { type CommandContext, type StandardInput, userPath } from '../cli/context.js';
import { exitFindings, exitNotAnalysed } from '../cli/exit-codes.js';
import { columnsOf } from '../cli/terminal.js';
import { rulePages, toolVersion } from '../cli/version.js';
import { formatNamed, formats, type SeriesFormat, seriesFormats } from '../formats/formats.js';
import { type OutputOptions, type Outputs, outputsOf } from '../formats/outputs.js';
import { printOutput, writeOutputs } from '../formats/print.js';
import { withSeries } from './read-series.js';

export interface SeriesOptions extends OutputOptions<SeriesFormat> {
  readonly tree: string;
  readonly revision?: string;
  readonly messageId?: string;
  readonly subject?: string;
  readonly base?: string;
  readonly mergeWith?: string;
  readonly config?: string;
  readonly all: boolean;
  readonly whole: boolean;
  readonly failOn: Severity;
  readonly strict: boolean;
  readonly cache: boolean;
}

/**
 * `dmabuf-lint series [range | mbox | directory | -]`: reports what each patch of a series does to the contract.
 * @returns the exit code
 * @throws UserError
 */
export async function series(
  names: readonly string[],
  options: SeriesOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, env } = context;
  const outputs = outputsOf(seriesFormats, options, { terminal: terminal.isTerminal ? 'text' : 'gcc', file: 'gcc' });
  const wanted = [outputs.terminal, ...outputs.files.map(({ format }) => format)].map(formatNamed);
  const input = {
    names,
    tree: options.tree,
    wanted: { revision: options.revision, messageId: options.messageId, subject: options.subject },
    base: options.base,
    mergeWith: options.mergeWith,
    config: options.config,
    cache: options.cache,
    isOneCommit: wanted.some(({ isPerPatch }) => isPerPatch),
    // Tables and data are complete; other formats show nothing if a series changes nothing.
    isWhole: options.all || wanted.some(({ isWhole }) => isWhole),
    // Whom a patch of a part affects elsewhere, only the whole tree tells.
    asksWhole: options.whole || wanted.some(({ tellsAffected }) => tellsAffected),
    readStdin: () => readStdin(context.stdin()),
  };
  const judging = withSeries(input, context, async (outcome) => {
    const hasRepository = wanted.some((format) => format.hasRepository);
    const repository = hasRepository ? await repositoryUri(userPath(context, options.tree), env) : null;
    const hasDiffs = wanted.some((format) => format.hasDiffs);
    const affected = wanted.some((format) => format.tellsAffected)
      ? await (await import('./affected.js')).affectedBy(outcome)
      : null;
    const report = await seriesReport(outcome, {
      repository,
      hasDiffs,
      hasOld: options.all,
      affected,
      rulePages: rulePages(),
      version: toolVersion(),
    });
    return { outcome, report, affected };
  });
  const judged = await judging.finally(() => terminal.progress(null));
  return await show(judged, outputs, options, context);
}

interface Reported {
  readonly outcome: SeriesOutcome;
  readonly report: RunReport;
  readonly affected: Affected | null;
}

/** Writes and prints the outcome. @returns the exit code */
async function show(
  { outcome, report, affected }: Reported,
  outputs: Outputs<SeriesFormat>,
  { all, failOn, strict }: SeriesOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, env } = context;
  const write = (format: SeriesFormat, colour: boolean, columns: number | null = null) =>
    formats[format].series({ outcome, report, colour, all, failOn, affected, columns });
  await writeOutputs(outputs, write, context);
  const { isQuiet, hasSummary, isSilentIfClean, conclude } = formatNamed(outputs.terminal);
  if (!isQuiet)
    for (const remark of outcome.judged.series.remarks)
      terminal.writeError(`dmabuf-lint: ${escapeForTerminal(remark)}\n`);
  await printOutput(outputs, (format, colour) => write(format, colour, columnsOf(terminal)), context);
  if (hasSummary && (!isSilentIfClean || newFindings(outcome).length > 0))
    terminal.writeError(`${seriesSummary(outcome)}\n`);
  const concluded = conclude ? await conclude({ report, failOn, env, terminal }) : null;
  if (strict && outcome.judged.patches.some((patch) => newGaps(patch).length > 0)) return exitNotAnalysed;
  return concluded ?? (hasNew(outcome, failOn) ? exitFindings : 0);
}

function readStdin(stdin: StandardInput): Promise<MailInput> {
  if (stdin.isTTY) throw new UserError('-: standard input is a terminal; pipe a patch, or name a range or a mailbox');
  return readMailStream(stdin);
}
