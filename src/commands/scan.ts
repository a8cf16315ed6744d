import { rules } from '../../rules/index.js';
import { explainPaths } from '../flow/index.js';
import { treeRevision } from '../input/revision.js';
import { openFolder, type SourceTree } from '../input/tree.js';
import {
  type Config,
  ConfigError,
  isAtLeast,
  lintTree,
  type Result,
  type Severity,
  withoutKnown,
} from '../lint/index.js';
import { openWorld } from '../program/index.js';
import { escapeForTerminal, fixedLines, formatGcc, formatJson, formatText, summaryLine } from '../report/index.js';
import { findConfig } from './config.js';
import { exitFindings, exitNotAnalysed } from './exit-codes.js';
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
  const { result, hasGaps } = await scanTree(folder, config, options, started);
  const format = options.format ?? (terminal.isTerminal ? 'text' : 'gcc');
  terminal.write(formatAs(format, result, terminal.hasColour));
  if (format === 'gcc') terminal.writeError([...fixedLines(result), `${summaryLine(result)}\n`].join(''));
  if (options.strict && hasGaps) return exitNotAnalysed;
  return result.findings.some((finding) => isAtLeast(finding.severity, options.failOn)) ? exitFindings : 0;
}

/** Scans, and leaves out what is old. Gaps are those that count for --strict: with --since, the new ones. */
async function scanTree(
  folder: string,
  config: Config,
  { since, baseline = true, cache = true }: ScanOptions,
  started: number,
): Promise<{ readonly result: Result; readonly hasGaps: boolean }> {
  const path = typeof baseline === 'string' ? baseline : baseline ? config.baseline : null;
  const known = path === null ? null : wantedBaseline(path);
  const ofSince = since === undefined ? null : await scanSince(folder, since, { config, isCached: cache, started });
  const tree = ofSince?.tree ?? openFolder(folder);
  const whole = ofSince?.result ?? (await lintTree(tree, rules, config, await treeRevision(folder), started));
  const sifted = [...(ofSince ? [ofSince.sifted] : []), ...(known ? [siftBaseline(known, tree, whole, config)] : [])];
  const hasGaps = ofSince?.hasNewGaps ?? whole.contract.notAnalysed.length > 0;
  return { result: withoutKnown(whole, sifted), hasGaps };
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
