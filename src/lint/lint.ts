import { availableParallelism } from 'node:os';
import { compareText } from '../base/compare-text.js';
import { during } from '../base/profile.js';
import { byPlace } from '../contract/by-place.js';
import { buildContract, type Contract, toldInNames } from '../contract/index.js';
import type { SourceTree } from '../input/tree/tree.js';
import type { UnitStore } from '../program/index.js';
import type { Config } from './config/config.js';
import type { Result } from './result.js';
import type { Rule } from './rule.js';
import { runRules } from './run.js';

/**
 * Analyses a tree: builds its contract, then runs the rules on it.
 * @param revision the commit of the tree, for the result
 * @param started when the work began, by performance.now(); opening the tree counts as work
 * @param store keeps parsed files for a later tree that differs in few of them; the counts are then those of both trees
 * @throws InputError where the tree cannot be analysed at all, for instance because it has no dma-buf header
 */
export async function lintTree(
  tree: SourceTree,
  rules: readonly Rule[],
  config: Config,
  revision: string | null = null,
  started: number = performance.now(),
  store?: UnitStore,
): Promise<Result> {
  const options = {
    markers: config.markers,
    attributeWords: config.macros,
    leftOut: config.exclude,
    threads: freeProcessors(),
  };
  const contract = await buildContract(tree, options, store);
  await contract.settle(() => askAhead(contract));
  const { findings, suppressed, suppressions, fixes } = during('rules', () => runRules(contract, rules, config));
  const { program } = contract.codebase;
  return {
    contract: {
      ...contract,
      notAnalysed: toldInNames(
        contract.names,
        [...contract.notAnalysed, ...contract.gaps()].sort(
          (one, other) => byPlace(one, other) || compareText(one.reason, other.reason),
        ),
      ),
    },
    findings,
    suppressed,
    suppressions,
    fixes,
    revision,
    stats: {
      filesSeen: tree.sources.length,
      filesParsed: program.parsedFiles(),
      functions: program.loweredFunctions(),
      milliseconds: Math.round(performance.now() - started),
    },
  };
}

/** Asks what rules will ask, and what depends on no path, while other threads follow the paths. */
function askAhead(contract: Contract): void {
  contract.outsideTests();
  contract.overwrittenDirections();
  contract.nullResults();
  contract.undestroyedImports();
  contract.atomicSleeps();
  contract.tableViews();
  contract.movedMaps();
  contract.earlyTeardowns();
  contract.outlivedReservations();
  contract.unkeptBuffers();
}

/**
 * How many processors other threads may use. The first thread uses two: the collector and the compiler of the JavaScript
 * engine keep a second one busy, so that a thread beside it makes nothing faster, and takes 160 MB.
 */
export function freeProcessors(): number {
  return Math.max(0, availableParallelism() - 2);
}
