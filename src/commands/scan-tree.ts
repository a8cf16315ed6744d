import { treeRevision } from '../input/revision.js';
import { openFolder, openStamped, type SourceTree } from '../input/tree.js';
import type { Config } from '../lint/config.js';
import { noStore, openFactsStore } from '../lint/facts-store.js';
import { withoutKnown } from '../lint/known-findings.js';
import type { ScanOutcome } from '../lint/outcome.js';
import type { ChangedLines } from '../report/scan-report.js';
import type { FixTarget } from './fix-target.js';
import type { Terminal } from './terminal.js';

/** How a tree is to be scanned. */
export interface ScanRequest {
  /** The file with old findings; false for none, though the configuration names one. */
  readonly baseline?: string | boolean;
  readonly since?: string;
  readonly cache?: boolean;
  readonly target: FixTarget | undefined;
  /** When the work began, by performance.now(). */
  readonly started: number;
}

export interface Scanned {
  readonly outcome: ScanOutcome;
  /** Whether something is not analysed that counts for --strict: with --since, that was. */
  readonly hasGaps: boolean;
  readonly changedLines: ChangedLines;
}

/** Scans a tree, leaves out what is old, and fixes what is to be fixed. @throws InputError, ConfigError, UserError */
export async function scanTree(
  folder: string,
  config: Config,
  request: ScanRequest,
  terminal: Terminal,
): Promise<Scanned> {
  const { baseline = true, since, target } = request;
  const path = typeof baseline === 'string' ? baseline : baseline ? config.baseline : null;
  const onlyNew = path === null ? null : await import('./only-new.js');
  const known = path === null ? null : (onlyNew?.wantedBaseline(path) ?? null);
  if (since !== undefined || target) {
    const { scanAnew } = await import('./scan-anew.js');
    return await scanAnew(folder, config, request, known, terminal);
  }
  const { tree, outcome } = await knownOrScanned(folder, config, request);
  const sifted = known && onlyNew ? [onlyNew.siftBaseline(known, tree, outcome.facts, config)] : [];
  return {
    outcome: withoutKnown(outcome, sifted),
    hasGaps: outcome.facts.notAnalysed.length > 0,
    changedLines: new Map(),
  };
}

/** A tree and what it says: from an earlier run where every file is as it was. */
export async function knownOrScanned(
  folder: string,
  config: Config,
  { cache = true, started }: Pick<ScanRequest, 'cache' | 'started'>,
): Promise<{ readonly tree: SourceTree; readonly outcome: ScanOutcome }> {
  const finding = treeRevision(folder);
  const { tree, stamp } = cache ? await openStamped(folder) : { tree: openFolder(folder), stamp: null };
  const revision = await finding;
  // Which findings are left for later does not change what a tree says.
  const store = stamp === null ? noStore : openFactsStore({ ...config, baseline: null });
  const facts = stamp === null ? undefined : store.get(stamp);
  if (facts) {
    const milliseconds = Math.round(performance.now() - started);
    const outcome = { facts, findings: facts.findings, revision, milliseconds, textOf: tree.read };
    return { tree, outcome };
  }
  const { analyseTree } = await import('./analyse-tree.js');
  const outcome = await analyseTree(tree, config, revision, started);
  if (stamp !== null) store.put(stamp, outcome.facts);
  return { tree, outcome };
}
