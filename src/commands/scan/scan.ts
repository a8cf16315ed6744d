import { repositoryUri } from '../../input/git/repository-uri.js';
import { compactWalk, type StampedWalk } from '../../input/tree/stamped-walk.js';
import { failsRun, type Severity } from '../../lint/finding.js';
import { isPathLeftOut } from '../../program/paths.js';
import { scanReport } from '../../report/scan-report.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { fixedLines } from '../../report/text/known.js';
import { summaryLine } from '../../report/text/summary.js';
import { type CommandContext, standardStream, userPath } from '../cli/context.js';
import { exitFindings, exitNotAnalysed } from '../cli/exit-codes.js';
import { columnsOf } from '../cli/terminal.js';
import { type FixOptions, fixTarget } from '../fix/fix-target.js';
import type { Format } from '../formats/format.js';
import { formatNamed, formats, type ScanFormat, scanFormats } from '../formats/formats.js';
import { type OutputOptions, type Outputs, outputsOf } from '../formats/outputs.js';
import { printOutput, writeOutputs } from '../formats/print.js';
import { onlyFindings } from './narrow/narrow.js';
import { scanTarget } from './narrow/scan-target.js';
import type { Scanned } from './scan-request.js';
import { scanWanted } from './scan-wanted.js';
import type { SideOptions } from './tree-side.js';

// The analysis is loaded only when it runs: the result of an earlier run is printed without it.

export interface ScanOptions extends OutputOptions<ScanFormat>, FixOptions, SideOptions {
  readonly config?: string;
  readonly failOn: Severity;
  readonly strict: boolean;
  /** The file with old findings; false for none, though the configuration names one. */
  readonly baseline?: string | boolean;
  /** The revision that new findings are new against. */
  readonly since?: string;
  /** Whether what earlier runs found may be used. */
  readonly cache?: boolean;
  /** The kernel, or its headers, that a module outside of its tree is built for. */
  readonly kernel?: string;
  /** Analyses the whole tree though only files of it are named. */
  readonly whole: boolean;
  /** The rules whose findings are shown; all if missing. */
  readonly rule?: readonly string[];
  /** The least severity that is shown; all if missing. */
  readonly severity?: Severity;
  /** Shows findings only. */
  readonly quiet: boolean;
  /** `<file>:<function>`: prints the paths of this function instead of scanning. */
  readonly explainPath?: string;
}

/**
 * `dmabuf-lint scan [path...]`: prints what the importers and exporters of a tree do and what is wrong with them; of files
 * and folders in a tree, only of those.
 * @param listed the files of the tree, where another process has listed them already
 * @returns the exit code
 * @throws InputError, ConfigError
 */
export async function scan(
  names: readonly string[],
  options: ScanOptions,
  context: CommandContext,
  listed?: StampedWalk,
): Promise<number> {
  const started = performance.now();
  const { terminal, supervise } = context;
  const what = scanTarget(names, options.kernel, context);
  if (options.explainPath !== undefined) {
    const { explainPath } = await import('./explain-path.js');
    return await explainPath(what.folder, options.explainPath, context);
  }
  const chooses = options.rule !== undefined || options.severity !== undefined;
  const choice = chooses ? await import('./narrow/wanted-findings.js') : null;
  const isWanted = await choice?.wantedFindings(options);
  const target = fixTarget(options);
  const outputs = outputsOf(scanFormats, options, { terminal: terminal.isTerminal ? 'text' : 'gcc', file: 'gcc' });
  terminal.progress('scanning');
  const wanted = [outputs.terminal, ...outputs.files.map(({ format }) => format)].map(formatNamed);
  const asksFindingsOnly = !options.whole && wanted.every((format) => tellsFindingsOnly(format, options.quiet));
  const request = { ...options, target, started, listed, leavesToAnother: supervise !== undefined, asksFindingsOnly };
  const scanning = scanWanted(what, request, context);
  const scanned = await scanning.finally(() => terminal.progress(null));
  const asksHistory = what.kind !== 'module' && !options.staged && wanted.some(({ tellsOrigins }) => tellsOrigins);
  // Older revisions are parsed for that.
  if (scanned.kind === 'left' || (asksHistory && supervise)) {
    if (!supervise) throw new Error('nobody is there to do the rest');
    const { walk = null, isWarm = false } = scanned.kind === 'left' ? scanned : {};
    const job = { verb: 'scan', args: names, options, isWarm, ...(walk ? { listed: compactWalk(walk) } : {}) };
    return await supervise(job, context);
  }
  const outcome = isWanted ? onlyFindings(scanned.outcome, isWanted) : scanned.outcome;
  const shown = { ...scanned, outcome };
  const { cache = true, revision } = options;
  const asked = { folder: what.folder, cache, isCommit: revision !== undefined };
  const broughtIn = asksHistory ? await (await import('./origins.js')).originsOf(shown, asked, context) : null;
  return await show({ ...shown, broughtIn }, what.folder, outputs, options, context);
}

/** Whether a format tells nothing of a tree but its findings. Whom a change affects elsewhere, only the whole tree tells. */
function tellsFindingsOnly({ showsInventory, tellsAffected }: Format, quiet: boolean): boolean {
  return !tellsAffected && (showsInventory === undefined || (quiet && showsInventory === 'unless-quiet'));
}

/** Entries of the configuration that leave nothing out, mostly since they are misspelt or the folder has moved. */
function remarksOn({ tree, config }: Scanned): readonly string[] {
  return config.exclude
    .filter((entry) => ![...tree.sources, ...tree.documentation].some((path) => isPathLeftOut(path, [entry])))
    .map((entry) => `dmabuf-lint: exclude: '${entry}' matches no file of the tree`);
}

/** Writes and prints the outcome. @returns the exit code */
async function show(
  scanned: Scanned & { readonly broughtIn: ReadonlyMap<string, string> | null },
  folder: string,
  outputs: Outputs<ScanFormat>,
  { failOn, strict, fixPatch, quiet }: ScanOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, env } = context;
  const { outcome, changedLines, hasGaps, broughtIn } = scanned;
  // A tree without a revision belongs to no repository.
  const repository = outcome.revision === null ? null : await repositoryUri(userPath(context, folder), env);
  const report = scanReport(outcome, { repository, changedLines, ...(broughtIn ? { broughtIn } : {}) });
  const write = (format: ScanFormat, colour: boolean, columns: number | null = null) =>
    formats[format].scan({ outcome, report, colour, failOn, quiet, columns });
  await writeOutputs(outputs, write, context);
  // Patches on standard output take the place of the findings.
  const isTaken = fixPatch === true || fixPatch === standardStream;
  const { hasSummary, isStrict, conclude } = formatNamed(outputs.terminal);
  if (!isStrict && !quiet)
    terminal.writeError(
      remarksOn(scanned)
        .map((line) => `${escapeForTerminal(line)}\n`)
        .join(''),
    );
  const printed = (format: ScanFormat, colour: boolean) => write(format, colour, columnsOf(terminal));
  if (!isTaken) await printOutput(outputs, printed, context);
  if (!quiet && (isTaken || hasSummary))
    terminal.writeError([...fixedLines(outcome), `${summaryLine(outcome)}\n`].join(''));
  const concluded = conclude && !isTaken ? await conclude({ report, failOn, env, terminal }) : null;
  if (strict && hasGaps) return exitNotAnalysed;
  if (concluded !== null) return concluded;
  return outcome.findings.some((finding) => failsRun(finding, failOn)) ? exitFindings : 0;
}
