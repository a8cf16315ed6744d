import { createHash } from 'node:crypto';
import { type Ran, run } from '../examples/run-command.js';
import { runCli } from './run-cli.js';

const asked = process.env['DMABUF_LINT_FAULTS'] ?? '';

/**
 * Whether every kind of case runs: where `DMABUF_LINT_FAULTS` is `all`, or names a part, as in CI.
 * `npm test` runs some cases of some kinds, so that nobody waits for what differs only in the command or the signal.
 */
export const everyKind = asked !== '';

/** The options of a test that only CI runs. */
export const onlyInCi = {
  skip: everyKind ? false : 'only with DMABUF_LINT_FAULTS=all, or a part of them, as in CI',
} as const;

/** How many cases each file has had. */
const cases = new Map<string, number>();
const chooses = caseChooser(asked);

/** Whether the next case of a file of tests runs. A file chooses the same ones alone and beside others in a process. */
function isNextChosen(): boolean {
  const file = callerIn(new Error().stack ?? '', import.meta.url);
  const number = cases.get(file) ?? 0;
  cases.set(file, number + 1);
  return chooses(number);
}

/**
 * @param stack as an error has it
 * @param own the URL of a module
 * @returns the URL of the first module in the stack that is another one; empty where there is none
 */
export function callerIn(stack: string, own: string): string {
  const files = [...stack.matchAll(/\b(file:\/\/.*?):\d+:\d+\)?$/gm)].map(([, file = '']) => file);
  return files.find((file) => file !== own) ?? '';
}

/** The options of one test of many. @param isUsual whether it is one of those that always run */
export function sample(isUsual: boolean): { readonly skip?: false | string } {
  if (isUsual || isNextChosen()) return {};
  return { skip: everyKind ? 'another time: DMABUF_LINT_FAULTS=all runs all' : onlyInCi.skip };
}

/**
 * The options of one large test of many, as on another kernel: all run, but where a part is asked for, as in CI.
 * @param isUsual whether it is one of those that always run
 */
export function oneOfSome(isUsual: boolean): { readonly skip?: false | string } {
  return asked === '' ? {} : sample(isUsual);
}

/** All of a list, or where not all cases run, its first ones, and what is chosen of the others. */
export const some = <T>(list: readonly T[], count: number): readonly T[] =>
  list.filter((_, index) => index < count || isNextChosen());

/** All of a list, or where a part is asked for, as in CI, its first ones, and what is chosen of the others. */
export const allOrSome = <T>(list: readonly T[], count: number): readonly T[] =>
  list.filter((_, index) => oneOfSome(index < count).skip === undefined);

/**
 * Which of the cases run that differ only in the command, the signal or the variable.
 * @param wanted `all`; `3:abc` for one in three, chosen by the word `abc`; nothing for none
 * @returns a function of the number of a case
 * @throws Error if it is none of these
 */
export function caseChooser(wanted: string): (number: number) => boolean {
  if (wanted === 'all') return () => true;
  if (wanted === '') return () => false;
  const [, part, seed = ''] = /^([1-9]\d*)(?::(.*))?$/.exec(wanted) ?? [];
  if (part === undefined) throw new Error(`DMABUF_LINT_FAULTS is 'all' or '<number>:<word>', not '${wanted}'`);
  return (number) => createHash('sha256').update(`${seed} ${number}`).digest().readUInt32BE(0) % Number(part) === 0;
}

/** In what surroundings a command runs. Undefined takes a variable away. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const tried = new Set<string>();

/**
 * Runs a command in this process; where all cases run, the first of each verb and file of tests in a process of its own,
 * as a user does.
 * Later ones start in the same way.
 */
export async function runEither(args: readonly string[], { cwd, env }: Surroundings): Promise<Ran> {
  const kind = `${callerIn(new Error().stack ?? '', import.meta.url)} ${args[0]}`;
  if (!everyKind || tried.has(kind)) return run(args, { cwd, env });
  tried.add(kind);
  const { code, stdout, stderr } = await runCli(args, { cwd, env });
  return { code: code ?? -1, stdout, stderr };
}
