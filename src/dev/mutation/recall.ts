import { rules } from '../../../rules/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig, type Finding } from '../../lint/index.js';
import { createUnitStore } from '../../program/index.js';
import { createRandom } from '../fuzz/random-edits.js';
import type { Mistake, Mutant } from './mutants.js';

/** How a mistake was told: at the best confidence of its findings. */
export type Told = Finding['confidence'] | 'not told';

/** A mistake that was tried. */
export interface Trial {
  readonly mutant: Mutant;
  readonly told: Told;
  /** The rules that tell it. */
  readonly rules: readonly string[];
}

const bestFirst: readonly Finding['confidence'][] = ['high', 'medium', 'low'];

/**
 * Scans a tree once for each mistake, and compares with the tree as it is. A mistake is told where a finding is new, of
 * whatever rule.
 * @param onTrial told after each; false ends the run
 */
export async function tryMutants(
  tree: SourceTree,
  mutants: readonly Mutant[],
  onTrial: (trial: Trial, done: number) => boolean = () => true,
): Promise<readonly Trial[]> {
  const base = rememberingTree(tree);
  const units = createUnitStore();
  const findingsOf = async (one: SourceTree): Promise<readonly Finding[]> =>
    (await lintTree(one, rules, defaultConfig, null, performance.now(), units)).findings;
  const known = new Set((await findingsOf(base)).map(({ fingerprint }) => fingerprint));
  const trials: Trial[] = [];
  for (const mutant of mutants) {
    const { path, start, end, instead } = mutant;
    const text = base.read(path) ?? '';
    const changed = new Map([[path, text.slice(0, start) + instead + text.slice(end)]]);
    const found = (await findingsOf(overlayTree(base, changed))).filter(({ fingerprint }) => !known.has(fingerprint));
    const told: Told = bestFirst.find((one) => found.some(({ confidence }) => confidence === one)) ?? 'not told';
    const trial = { mutant, told, rules: [...new Set(found.map(({ rule }) => rule))].sort() };
    trials.push(trial);
    if (!onTrial(trial, trials.length)) break;
  }
  return trials;
}

/** Some of the mutants: as many of each mistake as there are, up to an equal share, from as many files as possible. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const random = createRandom(seed);
  const queues = [...groupBy(mutants, ({ mistake }) => mistake).values()].map((ones) => alternating(ones, random));
  const chosen: Mutant[] = [];
  for (let round = 0; chosen.length < count && queues.some((queue) => queue.length > round); round++)
    for (const queue of queues) {
      const next = queue[round];
      if (next && chosen.length < count) chosen.push(next);
    }
  return chosen;
}

/** Mutants in an order in which the files take turns. */
function alternating(mutants: readonly Mutant[], random: (below: number) => number): readonly Mutant[] {
  const files = [...groupBy(mutants, ({ path }) => path).values()].map((ones) => shuffled(ones, random));
  const most = Math.max(...files.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) =>
    shuffled(
      files.flatMap((ones) => ones[turn] ?? []),
      random,
    ),
  ).flat();
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): readonly T[] {
  return items
    .map((item) => ({ item, key: random(1 << 30) }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known) known.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** How often each mistake was told, as a Markdown table. */
export function recallTable(trials: readonly Trial[]): string {
  const levels: readonly Told[] = [...bestFirst, 'not told'];
  const row = (name: string, ones: readonly Trial[]): string => {
    const counts = levels.map((level) => ones.filter(({ told }) => told === level).length);
    const told = ones.length - (counts.at(-1) ?? 0);
    const files = new Set(ones.map(({ mutant }) => mutant.path)).size;
    return `| ${[name, ones.length, files, ...counts, `${Math.round((100 * told) / Math.max(1, ones.length))} %`].join(' | ')} |\n`;
  };
  const byMistake = [...groupBy(trials, ({ mutant }): Mistake => mutant.mistake)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return [
    `| mistake | edits | files | ${levels.join(' | ')} | told |\n`,
    `| --- |${' ---: |'.repeat(levels.length + 3)}\n`,
    ...byMistake.map(([name, ones]) => row(name, ones)),
    row('all', trials),
  ].join('');
}
