import { rules } from '../../rules/index.js';
import { explainPaths } from '../flow/index.js';
import { treeRevision } from '../input/revision.js';
import { openFolder, type SourceTree } from '../input/tree.js';
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
import { escapeForTerminal, fixedLines, formatGcc, formatJson, formatText, summaryLine } from '../report/index.js';
import { findConfig } from './config.js';
import { exitFindings, exitNotAnalysed } from './exit-codes.js';
import { type FixTarget, fixTree } from './fix.js';
import { scanSince, siftBaseline, wantedBaseline } from './only-new.js';
import type { Terminal } from './terminal.js';

export type ScanFormat = 'text' | 'gcc' | 'json';

export interface ScanOptions {
  readonly format?: ScanFormat;
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
  /** Changes the tree where that is sure to be right. */
  readonly fix?: boolean;
  /** Writes that as patches: to a file or folder, or for `true` to standard output, in place of the findings. */
  readonly fixPatch?: string | true;
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
  const found = await scanTree(folder, config, options, started, target && createUnitStore());
  const result = target ? await fixTree(folder, found, target, terminal) : found.result;
  const format = options.format ?? (terminal.isTerminal ? 'text' : 'gcc');
  const isTaken = options.fixPatch === true;
  if (!isTaken) terminal.write(formatAs(format, result, terminal.hasColour));
  if (format === 'gcc' || isTaken) terminal.writeError([...fixedLines(result), `${summaryLine(result)}\n`].join(''));
  if (options.strict && found.hasGaps) return exitNotAnalysed;
  return result.findings.some((finding) => isAtLeast(finding.severity, options.failOn)) ? exitFindings : 0;
}

function fixTarget({ fix, fixPatch }: ScanOptions): FixTarget | undefined {
  if (fix && fixPatch !== undefined) throw new ConfigError('--fix and --fix-patch exclude each other');
  if (fixPatch !== undefined) return { kind: 'patches', out: fixPatch };
  return fix ? { kind: 'tree' } : undefined;
}

interface Scanned {
  readonly tree: SourceTree;
  readonly result: Result;
  readonly hasGaps: boolean;
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
  return { tree, result: withoutKnown(whole, sifted), hasGaps, analyse };
}

function formatAs(format: ScanFormat, result: Result, colour: boolean): string {
  switch (format) {
    case 'text':
      return formatText(result, colour);
    case 'gcc':
      return formatGcc(result);
    case 'json':
      return formatJson(result);
  }
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
