import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../scripts/user-errors.js';
import { killCommands, makeBench } from './kill-bench.js';
import { killsTable, runKills } from './kill-run.js';

// `npm run kills -- [--count N] [--next N] [--only WORD] [--seed S]`: kills every command that writes at N random moments,
// and checks that each file is as before or whole as after, that a next run succeeds, and that nothing is left then. With
// --next 10, only every tenth kill is followed by a run to its end. Ctrl-C ends it after the round in which the commands
// take turns.
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '3' },
    next: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '18' },
  },
});
const top = mkdtempSync(join(tmpdir(), 'kills-'));
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isInterrupted = true;
  });
try {
  const plan = {
    kills: wholeNumber(values.count, 'number of kills'),
    nextRun: wholeNumber(values.next, 'number of a run', 0),
    seed: wholeNumber(values.seed, 'seed', 0),
  };
  const commands = killCommands.filter(({ name }) => name.includes(values.only));
  const counts = await runKills(makeBench(top), commands, plan, (round) => {
    process.stderr.write(`round ${round + 1} of ${plan.kills}\n`);
    return !isInterrupted;
  });
  process.stdout.write(killsTable(counts));
  process.exitCode = counts.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
} finally {
  rmSync(top, { recursive: true, force: true, maxRetries: 5 });
}
