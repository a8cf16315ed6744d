import { hasSpoilt } from '../../base/parsing-watch.js';
import { treeRevision } from '../../input/git/revision.js';
import type { StampedWalk } from '../../input/tree/stamped-walk.js';
import { openFolder, openWalked, type SourceTree, walkStamped } from '../../input/tree/tree.js';
import { withoutKnown } from '../../lint/baseline/known-findings.js';
import type { Config } from '../../lint/config/config.js';
import { openFactsStore } from '../../lint/facts/facts-store.js';
import type { TreeFacts } from '../../lint/facts/tree-facts.js';
import type { ScanOutcome } from '../../lint/outcome.js';
import type { ChangedLines } from '../../report/scan-report.js';
import type { Terminal } from '../cli/terminal.js';
import type { FixTarget } from '../fix/fix-target.js';

/** How a tree is to be scanned. */
export interface ScanRequest {
  /** The file with old findings; false for none, though the configuration names one. */
  readonly baseline?: string | boolean;
  readonly since?: string;
  readonly cache?: boolean;
  readonly target: FixTarget | undefined;
  /** Whether an analysis is left to a process that the parser may crash. */
  readonly leavesToAnother: boolean;
  /** When the work began, by performance.now(). */
  readonly started: number;
}

export interface Scanned {
  readonly outcome: ScanOutcome;
  /** Whether something is not analysed that counts for --strict: with --since, that was. */
  readonly hasGaps: boolean;
  readonly changedLines: ChangedLines;
}

/** What is left to another process: an analysis, of files that are listed already. */
export interface LeftToAnother {
  readonly walk: StampedWalk | null;
}

/**
 * Scans a tree, leaves out what is old, and fixes what is to be fixed.
 * @param given what the process that watches this one has listed already
 * @throws InputError, ConfigError, UserError
 */
export async function scanTree(
  folder: string,
  config: Config,
  request: ScanRequest,
  given: LeftToAnother | null,
  terminal: Terminal,
): Promise<Scanned | LeftToAnother> {
  const { baseline = true, since, target } = request;
  const path = typeof baseline === 'string' ? baseline : baseline ? config.baseline : null;
  const onlyNew = path === null ? null : await import('./only-new.js');
  const known = path === null ? null : (onlyNew?.wantedBaseline(path) ?? null);
  if (since !== undefined || target) {
    if (request.leavesToAnother) return { walk: null };
    const { scanAnew } = await import('./scan-anew.js');
    return await scanAnew(folder, config, request, known, terminal);
  }
  if (request.leavesToAnother && request.cache === false) return { walk: null };
  const found = await lookUp(folder, config, request, given?.walk ?? null);
  if (request.leavesToAnother && !found.outcome) return { walk: found.walk };
  const { tree, outcome } = await analysed(found, config, request);
  const sifted = known && onlyNew ? [onlyNew.siftBaseline(known, tree, outcome.facts, config)] : [];
  return {
    outcome: withoutKnown(outcome, sifted),
    hasGaps: outcome.facts.notAnalysed.length > 0,
    changedLines: new Map(),
  };
}

/** A tree and what it says: from an earlier run where every file is as it was. @throws InputError */
export async function knownOrScanned(
  folder: string,
  config: Config,
  request: Pick<ScanRequest, 'cache' | 'started'>,
): Promise<{ readonly tree: SourceTree; readonly outcome: ScanOutcome }> {
  return await analysed(await lookUp(folder, config, request, null), config, request);
}

/** A tree that was looked up in the store. */
interface LookedUp {
  readonly tree: SourceTree;
  readonly walk: StampedWalk | null;
  readonly revision: string | null;
  /** Undefined where nothing is known of it. */
  readonly outcome: ScanOutcome | undefined;
  keep(facts: TreeFacts): void;
}

async function lookUp(
  folder: string,
  config: Config,
  { cache = true, started }: Pick<ScanRequest, 'cache' | 'started'>,
  given: StampedWalk | null,
): Promise<LookedUp> {
  const finding = treeRevision(folder);
  const walk = given ?? (cache ? await walkStamped(folder) : null);
  const tree = walk ? openWalked(folder, walk) : openFolder(folder);
  const revision = await finding;
  const stamp = walk?.stamp ?? null;
  if (stamp === null || hasSpoilt) return { tree, walk, revision, outcome: undefined, keep: () => undefined };
  // Which findings are left for later does not change what a tree says.
  const store = openFactsStore({ ...config, baseline: null });
  const facts = store.get(stamp);
  const milliseconds = Math.round(performance.now() - started);
  const outcome = facts && { facts, findings: facts.findings, revision, milliseconds, textOf: tree.read };
  return { tree, walk, revision, outcome, keep: (found) => store.put(stamp, found) };
}

async function analysed(
  { tree, revision, outcome, keep }: LookedUp,
  config: Config,
  { cache = true, started }: Pick<ScanRequest, 'cache' | 'started'>,
): Promise<{ readonly tree: SourceTree; readonly outcome: ScanOutcome }> {
  if (outcome) return { tree, outcome };
  const { analyseTree } = await import('./analyse-tree.js');
  const fresh = await analyseTree(tree, config, revision, started, cache);
  keep(fresh.facts);
  return { tree, outcome: fresh };
}
