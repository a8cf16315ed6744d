import { CommanderError } from 'commander';
import { namesDescriptor } from '../supervise/job.js';
import type { CommandContext } from './context.js';
import { reportError } from './errors.js';
import { exitUsage } from './exit-codes.js';
import { withProfile } from './profiled.js';
import { buildProgram } from './program.js';
import { runVerb } from './verb.js';
import { verbs } from './verbs.js';

/**
 * Parses a command line, and runs the command that it names. Every error becomes one line on standard error.
 * @returns the exit code
 */
export async function runMain(args: readonly string[], isProfiled: boolean, context: CommandContext): Promise<number> {
  let code = 0;
  const program = buildProgram(verbs, {
    terminal: context.terminal,
    async run(verb, job) {
      const { supervise: _, ...alone } = context;
      const own = namesDescriptor(job) ? alone : context;
      code = isProfiled
        ? await withProfile(own, (profiled) => runVerb(verb, job, profiled))
        : await runVerb(verb, job, own);
    },
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Help and the version are errors with the code 0. Of help, commander gives the exit code that the process has so far.
    if (error instanceof CommanderError) return error.exitCode === 0 || asksForHelp(args) ? 0 : exitUsage;
    return reportError(error, context);
  }
}

/** `dmabuf-lint help`, or that of a command. */
function asksForHelp([word, about]: readonly string[]): boolean {
  return word === 'help' && (about === undefined || verbs.some(({ name }) => name === about));
}
