import type { FuzzProperty } from './fuzz-property.js';

/** How many inputs a property has had, and what became of it. */
export interface FuzzCount {
  readonly name: string;
  inputs: number;
  seconds: number;
  /** The report on the first input for which the property does not hold; then it gets no more. */
  failure: string | null;
}

/** How inputs are shared out. */
export interface FuzzPlan {
  readonly seed: number;
  /** How many inputs all properties get together. */
  readonly count: number;
  /** The properties take turns in so many rounds, so that an interrupted run has tried all of them. */
  readonly rounds: number;
}

/** How many inputs each property gets in a round: its share of all; every property gets at least one in all. */
function inputsOf(properties: readonly FuzzProperty[], { count, rounds }: FuzzPlan, round: number): readonly number[] {
  const all = properties.reduce((sum, { share }) => sum + share, 0);
  return properties.map(({ share }) => {
    const wanted = Math.max(1, Math.round((count * share) / all));
    return Math.floor((wanted * (round + 1)) / rounds) - Math.floor((wanted * round) / rounds);
  });
}

/**
 * Tries the properties on inputs.
 * @param onRound told after each round; false ends the run
 */
export async function runFuzz(
  properties: readonly FuzzProperty[],
  plan: FuzzPlan,
  onRound: (counts: readonly FuzzCount[], round: number) => boolean = () => true,
): Promise<readonly FuzzCount[]> {
  const counts = properties.map(({ name }): FuzzCount => ({ name, inputs: 0, seconds: 0, failure: null }));
  for (let round = 0; round < plan.rounds; round++) {
    for (const [index, numRuns] of inputsOf(properties, plan, round).entries()) {
      const [property, count] = [properties[index], counts[index]];
      if (!property || !count || numRuns === 0 || count.failure !== null) continue;
      const started = performance.now();
      const { inputs, failure } = await property.check((plan.seed + round) | 0, numRuns);
      count.seconds += (performance.now() - started) / 1000;
      count.inputs += inputs;
      count.failure = failure;
    }
    if (!onRound(counts, round)) break;
  }
  return counts;
}

/** The counts as a table of Markdown. */
export function fuzzTable(counts: readonly FuzzCount[]): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows = counts.map(
    ({ name, inputs, seconds, failure }) =>
      `| ${name} | ${number(inputs)} | ${seconds.toFixed(0)} | ${failure === null ? 'held' : 'FAILED'} |\n`,
  );
  const all = counts.reduce((sum, { inputs }) => sum + inputs, 0);
  const seconds = counts.reduce((sum, count) => sum + count.seconds, 0);
  return `| property | inputs | seconds | |\n| --- | ---: | ---: | --- |\n${rows.join('')}| all | ${number(all)} | ${seconds.toFixed(0)} | |\n`;
}
