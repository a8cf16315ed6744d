import type { Job } from '../supervise/job.js';
import type { CommandContext } from './context.js';

/** An argument of a verb, as its usage shows it: `[tree]`, `[series...]`, `<rule>`. */
export interface VerbArgument {
  readonly usage: string;
  readonly description?: string;
  readonly default?: string;
  readonly choices?: readonly string[];
}

/** An option of a verb. */
export interface VerbOption {
  /** As in `--format <format>`; `--no-cache` makes the option `cache` false. */
  readonly usage: string;
  readonly description: string;
  readonly default?: string | boolean;
  readonly choices?: readonly string[];
  /** It may be given several times: its value is a list. */
  readonly isRepeatable?: true;
}

/**
 * The shells that `completion` knows. They stand here since both the table of verbs and the code of the verb need them,
 * and start-up should not load another file.
 */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Does what a verb does, and returns the exit code. Wrong usage is a UserError. */
export type VerbFunction<Options = never> = (job: Job<Options>, context: CommandContext) => Promise<number> | number;

/** A verb of the command line. */
export interface Verb {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly VerbArgument[];
  readonly options: readonly VerbOption[];
  /** Command lines for the help; one that does not name the program begins with the verb. */
  readonly examples: readonly string[];
  /** Whether options that nobody knows are arguments: `make` gives the compiler's. */
  readonly takesUnknownOptions?: true;
  /** Whether the verb always parses C, which may crash: then a process of its own does all the work. */
  readonly isSupervised?: true;
  /** Loads what the verb needs: one verb should not wait for what another one needs. */
  load(): Promise<VerbFunction>;
}

/** Does a job of a verb, in a process of its own if need be. @returns the exit code */
export async function runVerb(verb: Verb, job: Job, context: CommandContext): Promise<number> {
  if (verb.isSupervised && context.supervise) return await context.supervise(job, context);
  const run = await verb.load();
  return await run(job as Job<never>, context);
}
