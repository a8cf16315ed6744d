import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../base/errors.js';
import { escapeForTerminal } from '../../report/text/escape.js';

/** How a property fared. */
export interface Tried {
  readonly inputs: number;
  /** The report on the first input for which it does not hold. */
  readonly failure: string | null;
}

/** Something that holds for every input. */
export interface FuzzProperty {
  readonly name: string;
  /** Checks it on so many inputs. A run with the same seed tries the same inputs. */
  readonly check: (seed: number, inputs: number) => Promise<Tried>;
  /** How many of 100,000 inputs it gets: few where git, a disk or a whole scan takes part. */
  readonly share: number;
}

/** No input may take longer, in milliseconds of this process's own work: on a busy machine it waits for git, too. */
const longest = 20_000;
const longestWait = 300_000;

/** Wrong input must end in a UserError with a message of one line. Any other exception is a defect. */
function accept(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  // What the message quotes may hold anything: it is escaped where it is shown.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  assert.doesNotMatch(escapeForTerminal(error.message), /[\u0000-\u001f\u007f]/);
}

/** Begins to measure. @returns what ends it, and fails if it took too long */
function measure(): () => void {
  const started = performance.now();
  const spent = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(spent);
    const [took, waited] = [(user + system) / 1000, performance.now() - started];
    assert.ok(took < longest && waited < longestWait, `took ${(took / 1000).toFixed(1)} s`);
  };
}

/** A property of a pure function: it is tried often. */
export function pureProperty<Input>(
  name: string,
  share: number,
  inputs: fc.Arbitrary<Input>,
  work: (input: Input) => unknown,
): FuzzProperty {
  const property = fc.property(inputs, (input) => {
    const done = measure();
    try {
      work(input);
    } catch (error) {
      accept(error);
    }
    done();
  });
  return {
    name,
    share,
    check: async (seed, numRuns) => triedOf(fc.check(property, parametersOf(share, seed, numRuns))),
  };
}

/** A property of something that waits. */
export function slowProperty<Input>(
  name: string,
  share: number,
  inputs: fc.Arbitrary<Input>,
  work: (input: Input) => Promise<unknown>,
): FuzzProperty {
  const property = fc.asyncProperty(inputs, async (input) => {
    const done = measure();
    try {
      await work(input);
    } catch (error) {
      accept(error);
    }
    done();
  });
  return {
    name,
    share,
    check: async (seed, numRuns) => triedOf(await fc.check(property, parametersOf(share, seed, numRuns))),
  };
}

/** Of an input that takes long, no shorter one that fails too is looked for. */
function parametersOf(share: number, seed: number, numRuns: number) {
  return { seed, numRuns, endOnFailure: share < 10 };
}

/** What became of the inputs. A failure says how it is repeated, what failed, and with what input. */
function triedOf<Input>({
  failed,
  numRuns,
  seed,
  counterexamplePath,
  counterexample,
  errorInstance,
}: fc.RunDetails<[Input]>): Tried {
  if (!failed) return { inputs: numRuns, failure: null };
  const error = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  const input = JSON.stringify(counterexample)?.slice(0, 4000);
  return { inputs: numRuns, failure: `seed ${seed}, path ${counterexamplePath}\n${error}\n${input}` };
}
