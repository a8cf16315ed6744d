import { rules } from '../../rules/index.js';
import { explainPaths } from '../flow/index.js';
import { during } from '../input/profile.js';
import { repositoryUri } from '../input/repository-uri.js';
import { treeRevision } from '../input/revision.js';
import { openFolder, type SourceTree } from '../input/tree.js';
import { writeTogether } from '../input/write-files.js';
import {
  type AnalyseAgain,
  type Config,
  ConfigError,
  isAtLeast,
  lintTree,
  type Result,
  type Severity,
  withoutKnown,
} from '../lint/index.js';
import { createUnitStore, openWorld, type UnitStore } from '../program/index.js';
import {
  type ChangedLines,
  escapeForTerminal,
  fixedLines,
  formatJson,
  formatText,
  type RunReport,
  scanReport,
  summaryLine,
} from '../report/index.js';
import { findConfig } from './config.js';
import { exitFindings, exitNotAnalysed } from './exit-codes.js';
import { type FixOptions, fixTarget, fixTree } from './fix.js';
import { type ScanFormat, scanFormats } from './format-names.js';
import { concludeNipa } from './nipa.js';
import { scanSince, siftBaseline, wantedBaseline } from './only-new.js';
import { type OutputOptions, outputsOf } from './outputs.js';
import { formatReport, leavesRoomForSummary } from './report-formats.js';
import type { Terminal } from './terminal.js';

export interface ScanOptions extends OutputOptions<ScanFormat>, FixOptions {
  readonly config?: string;
  readonly failOn: Severity;
  readonly strict: boolean;
  /** The file with old findings; false for none, though the configuration names one. */
  readonly baseline?: string | boolean;
  /** The revision that new findings are new against. */
  readonly since?: string;
  /** Whether --since may use what earlier runs found. */
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
  if (options.explainPath !== undefined) return await explainPath(openFolder(folder), options.explainPath, terminal);
  const config = findConfig(folder, options.config);
  const target = fixTarget(options);
  const outputs = outputsOf(scanFormats, options, { terminal: terminal.isTerminal ? 'text' : 'gcc', file: 'gcc' });
  terminal.progress('scanning');
  const scanning = scanTree(folder, config, options, started, target && createUnitStore());
  const scanned = await scanning.finally(() => terminal.progress(null));
  const result = target ? await fixTree(folder, scanned, target, terminal) : scanned.result;
  // Lines are others with fixes.
  const changedLines = target ? new Map() : scanned.changedLines;
  const report = scanReport(result, { repository: await repositoryOf(folder, result), changedLines });
  const texts = await Promise.all(
    outputs.files.map(async ({ format, path }) => ({
      path,
      text: await formatAs(format, result, report, { colour: false, failOn: options.failOn }),
    })),
  );
  await writeTogether(texts);
  const shown = { colour: terminal.hasColour, failOn: options.failOn };
  const isTaken = options.fixPatch === true;
  if (!isTaken) terminal.write(await formatAs(outputs.terminal, result, report, shown));
  if (isTaken || leavesRoomForSummary(outputs.terminal))
    terminal.writeError([...fixedLines(result), `${summaryLine(result)}\n`].join(''));
  const ofNipa = outputs.terminal === 'nipa' && !isTaken ? concludeNipa(report, options.failOn, terminal) : null;
  if (options.strict && scanned.hasGaps) return exitNotAnalysed;
  if (ofNipa !== null) return ofNipa;
  return result.findings.some((finding) => isAtLeast(finding.severity, options.failOn)) ? exitFindings : 0;
}

/** Only a tree with a revision is one of a repository. */
async function repositoryOf(folder: string, { revision }: Result): Promise<string | null> {
  return revision === null ? null : await repositoryUri(folder);
}

interface Scanned {
  readonly tree: SourceTree;
  readonly result: Result;
  readonly hasGaps: boolean;
  readonly changedLines: ChangedLines;
  /** Scans the tree with something changed. */
  readonly analyse: AnalyseAgain;
}

/** Scans, and leaves out what is old. Gaps are those that count for --strict: with --since, the new ones. */
async function scanTree(
  folder: string,
  config: Config,
  { since, baseline = true, cache = true }: ScanOptions,
  started: number,
  units: UnitStore | undefined,
): Promise<Scanned> {
  const path = typeof baseline === 'string' ? baseline : baseline ? config.baseline : null;
  const known = path === null ? null : wantedBaseline(path);
  const ofSince =
    since === undefined ? null : await scanSince(folder, since, { config, isCached: cache, started, units });
  const tree = ofSince?.tree ?? openFolder(folder);
  const revision = await treeRevision(folder);
  const analyse = (changed: SourceTree) => lintTree(changed, rules, config, revision, started, units);
  const whole = ofSince?.result ?? (await analyse(tree));
  const sifted = [...(ofSince ? [ofSince.sifted] : []), ...(known ? [siftBaseline(known, tree, whole, config)] : [])];
  const hasGaps = ofSince?.hasNewGaps ?? whole.contract.notAnalysed.length > 0;
  const changedLines = ofSince?.changedLines ?? new Map();
  return { tree, result: withoutKnown(whole, sifted), hasGaps, changedLines, analyse };
}

async function formatAs(
  format: ScanFormat,
  result: Result,
  report: RunReport,
  { colour, failOn }: { readonly colour: boolean; readonly failOn: Severity },
): Promise<string> {
  if (format === 'text') return during('report', () => formatText(result, colour));
  if (format === 'json') return during('report', () => formatJson(result));
  return await formatReport(format, report, failOn);
}

/** Tells what one function takes and releases on each of its paths. */
async function explainPath(tree: SourceTree, place: string, terminal: Terminal): Promise<number> {
  const [, path, name] = /^(.+):(\w+)$/.exec(place) ?? [];
  if (!path || !name) throw new ConfigError(`'${place}' names no function; use <file>:<function>`);
  const world = await openWorld(tree, { attributeWords: [], leftOut: [] });
  if (!world.program.file(path)) throw new ConfigError(`${path}: no such file in ${tree.name}`);
  const lines = explainPaths(world, path, name);
  if (!lines) throw new ConfigError(`${path}: defines no function '${name}'`);
  terminal.write(lines.map((line) => `${escapeForTerminal(line)}\n`).join(''));
  return 0;
}
