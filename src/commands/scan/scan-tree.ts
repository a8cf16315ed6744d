import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { treeRevision } from '../../input/git/revision.js';
import type { TreeSide } from '../../input/git/sides/tree-side.js';
import type { StampedWalk } from '../../input/tree/stamped-walk.js';
import { openFolder, openWalked, type SourceTree, walkStamped } from '../../input/tree/tree.js';
import { withoutKnown } from '../../lint/baseline/known-findings.js';
import { type Config, ConfigError } from '../../lint/config/config.js';
import { openFactsStore } from '../../lint/facts/facts-store.js';
import { openSeenFacts } from '../../lint/facts/seen-facts.js';
import type { TreeFacts } from '../../lint/facts/tree-facts.js';
import type { ScanOutcome } from '../../lint/outcome.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, cachesOf, standardStream, userPath } from '../cli/context.js';
import { baselineOf, type LeftToAnother, type Scanned, type ScanRequest } from './scan-request.js';
import { sideOf } from './tree-side.js';

/**
 * Scans a tree, leaves out old findings, and makes the fixes that were asked for.
 * @param folder the tree, as the user names it
 * @returns what was found, or, if the request says so, what has to be done in another process
 * @throws InputError, ConfigError, UserError
 */
export async function scanTree(
  folder: string,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned | LeftToAnother> {
  const { since, target, leavesToAnother = false, cache = true } = request;
  const side = sideOf(request, context);
  if (target && side.kind !== 'work-tree') throw new ConfigError('only the files of a work tree can be fixed');
  if (since !== undefined || (!target && !(await isOnDisk(folder, side, context)))) {
    if (leavesToAnother) return { kind: 'left', walk: null };
    if (since === undefined) return await (await import('./scan-side.js')).scanSide(folder, side, request, context);
    return await (await import('./change/scan-change.js')).scanChange(folder, { since, side }, request, context);
  }
  // Standard input can be read once only, by who does the work.
  const readsInput = request.config === standardStream || request.baseline === standardStream;
  if (leavesToAnother && readsInput) return { kind: 'left', walk: null };
  const config = await findConfig(folder, request.config, context);
  const path = baselineOf(request, config);
  const onlyNew = path === null ? null : await import('./only-new.js');
  const known = path === null ? null : ((await onlyNew?.givenBaseline(path, context)) ?? null);
  if (target) {
    if (leavesToAnother) return { kind: 'left', walk: null };
    const { scanToFix } = await import('./scan-to-fix.js');
    return await scanToFix(folder, config, { ...request, target }, known, context);
  }
  if (leavesToAnother && !cache) return { kind: 'left', walk: null };
  const found = await lookUp(folder, config, request, context);
  if (leavesToAnother && !found.outcome) return { kind: 'left', walk: found.walk, isWarm: found.isWarm() };
  const { tree, outcome } = await analysed(found, config, request, context);
  const sifted = known && onlyNew ? [onlyNew.siftBaseline(known, tree, outcome.facts, config)] : [];
  return {
    kind: 'scanned',
    tree,
    config,
    outcome: withoutKnown(outcome, sifted),
    hasGaps: outcome.facts.notAnalysed.length > 0,
    changedLines: new Map(),
  };
}

/**
 * Whether all files of a tree are on disk: not those of a revision, and not all of a sparse checkout.
 * @param name the tree, as the user names it
 */
export async function isOnDisk(name: string, side: TreeSide, context: CommandContext): Promise<boolean> {
  if (side.kind !== 'work-tree') return false;
  const folder = userPath(context, name);
  if (!existsSync(join(folder, '.git'))) return true;
  const { leftOutFiles } = await import('../../input/git/left-out.js');
  const options = { cwd: folder, env: context.env };
  return (await leftOutFiles(options).catch(() => [])).length === 0;
}

/** A tree that was looked up in the store. */
interface LookedUp {
  readonly tree: SourceTree;
  /** Where it is. */
  readonly folder: string;
  readonly walk: StampedWalk | null;
  readonly revision: string | null;
  /** Undefined if no earlier run kept one. */
  readonly outcome: ScanOutcome | undefined;
  /** Whether an earlier run kept what it saw of the folder, in whatever state that was. */
  isWarm(): boolean;
  keep(facts: TreeFacts): void;
}

async function lookUp(
  name: string,
  config: Config,
  { cache = true, started, listed }: ScanRequest,
  context: CommandContext,
): Promise<LookedUp> {
  const folder = userPath(context, name);
  const finding = treeRevision(folder, context.env);
  const walk = listed ?? (cache ? await walkStamped(folder, name) : null);
  const tree = walk ? openWalked(folder, walk, name) : openFolder(folder, name);
  const revision = await finding;
  const stamp = walk?.stamp ?? null;
  const caches = cachesOf(context, cache);
  const isWarm = (): boolean =>
    caches !== null && openSeenFacts({ ...config, baseline: null }, caches.trees).has(folder);
  if (stamp === null || caches === null)
    return { tree, folder, walk, revision, outcome: undefined, isWarm, keep: () => undefined };
  // The baseline does not change what is found in a tree, only what is reported.
  const store = openFactsStore({ ...config, baseline: null }, caches.trees);
  const facts = store.get(stamp);
  const milliseconds = Math.round(performance.now() - started);
  const outcome = facts && { facts, findings: facts.findings, revision, milliseconds, textOf: tree.read };
  return { tree, folder, walk, revision, outcome, isWarm, keep: (found) => store.put(stamp, found) };
}

async function analysed(
  { tree, folder, walk, revision, outcome, keep }: LookedUp,
  config: Config,
  { cache = true, started }: ScanRequest,
  context: CommandContext,
): Promise<{ readonly tree: SourceTree; readonly outcome: ScanOutcome }> {
  if (outcome) return { tree, outcome };
  const { analyseTree } = await import('./analyse-tree.js');
  const caches = cachesOf(context, cache);
  const fresh = await analyseTree(tree, config, { revision, started, caches, folder, ...(walk ? { walk } : {}) });
  keep(fresh.facts);
  return { tree, outcome: fresh };
}
