import type { CommandContext } from '../cli/context.js';
import { reportError } from '../cli/errors.js';
import { buildProgram } from '../cli/program.js';
import { silentTerminal, type Terminal } from '../cli/terminal.js';
import { runVerb, type Verb } from '../cli/verb.js';
import type { Job } from '../supervise/job.js';

/** A command context, and the commands that there are. */
export interface BatchContext extends CommandContext {
  readonly verbs: readonly Verb[];
}

/** What a command printed, and its exit code. */
export interface RanJob {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line, in a process of its own where there can be one, and keeps what it prints. */
export async function runLine(words: readonly string[], context: BatchContext): Promise<RanJob> {
  const printed = { stdout: '', stderr: '' };
  const terminal: Terminal = {
    ...silentTerminal,
    write: (text) => {
      printed.stdout += text;
    },
    writeError: (text) => {
      printed.stderr += text;
    },
  };
  const own = { ...context, terminal };
  const code = await run(words, own);
  return { code, ...printed };
}

async function run(words: readonly string[], { verbs, ...context }: BatchContext): Promise<number> {
  try {
    const { verb, job } = await parse(words, verbs);
    const { supervise, ...alone } = context;
    if (supervise) return await supervise(job, context, context.terminal);
    return await runVerb(verb, job, alone);
  } catch (error) {
    return reportError(error, context);
  }
}

/** The job that the command line would make of some words. */
async function parse(
  words: readonly string[],
  verbs: readonly Verb[],
): Promise<{ readonly verb: Verb; readonly job: Job }> {
  const found: { readonly verb: Verb; readonly job: Job }[] = [];
  const program = buildProgram(verbs, {
    terminal: silentTerminal,
    run: async (verb, job) => void found.push({ verb, job }),
  });
  await program.parseAsync([...words], { from: 'user' });
  const [first] = found;
  if (!first) throw new Error(`no command: ${words.join(' ')}`);
  return first;
}
