import { writeSync } from 'node:fs';
import { type ParsingWatch, watchParsing } from '../../base/parsing-watch.js';
import { leaveSignalsToSupervisor } from '../../base/scratch.js';
import type { CommandContext } from '../cli/context.js';
import { reportError } from '../cli/errors.js';
import { exitInternal } from '../cli/exit-codes.js';
import { parsingProgress } from '../cli/parsing-progress.js';
import { withProfile } from '../cli/profiled.js';
import { streamTerminal } from '../cli/terminal.js';
import { runVerb } from '../cli/verb.js';
import { verbs } from '../cli/verbs.js';
import type { Order } from './order.js';
import { startWatchdog } from './watchdog.js';

/*
 * The entry file of a supervised process: it does one job, which the parser may crash. Everything it needs to know comes
 * with the first message; what it prints goes to the terminal of the process that started it.
 */

process.once('message', async (order: Order) => {
  process.on('disconnect', () => process.exit(1)); // nobody waits for the result
  process.channel?.unref();
  leaveSignalsToSupervisor();
  startWatchdog(order.supervisor, order.env);
  const { job, env, cwd, traits, spoilt } = order;
  const terminal = streamTerminal(process, traits, (code) => process.exit(code));
  const mayParse = parsingWatch(order);
  const tell = parsingProgress(terminal);
  const mustSeeAll = order.watchedAt !== null || spoilt.length > 0;
  watchParsing((path, name) => {
    tell(path);
    return mayParse(path, name);
  }, mustSeeAll);
  const context: CommandContext = {
    env,
    cwd,
    stdin: () => process.stdin,
    terminal,
    isIncomplete: spoilt.length > 0,
    started: 0,
  };
  process.exitCode = await work(job, context);
});

async function work(job: Order['job'], context: CommandContext): Promise<number> {
  try {
    const verb = verbs.find(({ name }) => name === job.verb);
    if (!verb) return exitInternal;
    return job.isProfiled
      ? await withProfile(context, (profiled) => runVerb(verb, job, profiled))
      : await runVerb(verb, job, context);
  } catch (error) {
    return reportError(error, context);
  }
}

/** Says what is about to be parsed, and refuses what a former process crashed on. */
function parsingWatch({ supervisor, watchedAt, spoilt }: Order): ParsingWatch {
  const refused = new Set(spoilt);
  return (path, name) => {
    if (process.ppid !== supervisor) process.exit(1); // the supervisor is gone: nobody waits for the result
    if (watchedAt === null) return true;
    const parsed = `${path}: ${name}`.replaceAll('\n', ' ');
    if (refused.has(parsed)) return false;
    try {
      writeSync(watchedAt, `${parsed}\n`);
    } catch {
      process.exit(1);
    }
    return true;
  };
}
