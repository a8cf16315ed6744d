import { type Ran, run } from '../examples/run-command.js';
import { runCli } from './run-cli.js';

/**
 * Whether every case runs: where `DMABUF_LINT_FAULTS` is `all`, as in CI.
 * `npm test` runs some cases of each kind, so that nobody waits for what differs only in the command or the signal.
 */
export const allCases = process.env['DMABUF_LINT_FAULTS'] === 'all';

/** The options of a test that only CI runs. */
export const onlyInCi = { skip: allCases ? false : 'only with DMABUF_LINT_FAULTS=all, as in CI' } as const;

/** The options of one test of many. @param isUsual whether it is one of those that always run */
export const sample = (isUsual: boolean): { readonly skip?: false | string } => (isUsual ? {} : onlyInCi);

/** All of a list, or where not all cases run, its first ones. */
export const some = <T>(list: readonly T[], count: number): readonly T[] => (allCases ? list : list.slice(0, count));

/** In what surroundings a command runs. Undefined takes a variable away. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const tried = new Set<string>();

/**
 * Runs a command in this process; where all cases run, the first of each verb in a process of its own, as a user does.
 * Later ones start in the same way.
 */
export async function runEither(args: readonly string[], { cwd, env }: Surroundings): Promise<Ran> {
  const [verb = ''] = args;
  if (!allCases || tried.has(verb)) return run(args, { cwd, env });
  tried.add(verb);
  const { code, stdout, stderr } = await runCli(args, { cwd, env });
  return { code: code ?? -1, stdout, stderr };
}
