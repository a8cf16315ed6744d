import { createRandom } from '../fuzz/random-edits.js';
import type { KillBench, KillCommand } from './kill-bench.js';
import { blows, killOnce, type WholeRun, wholeRun, wrongAfterNext } from './kill-trial.js';

/** How often a command was killed, and what was wrong then. */
export interface KillCount {
  readonly name: string;
  /** All kills, and those by which it was still running. */
  kills: number;
  running: number;
  /** Runs to the end after a kill. */
  next: number;
  readonly wrong: string[];
}

export interface KillPlan {
  /** Kills of each command. */
  readonly kills: number;
  /** After how many kills a run goes to its end; 1 for each. */
  readonly nextRun: number;
  readonly seed: number;
}

/**
 * Kills commands at random moments: every other time at any moment of their run, else as they change files, which takes
 * only a small part of it.
 * @param onRound told after each round, in which every command is killed once; false ends the run
 */
export async function runKills(
  bench: KillBench,
  commands: readonly KillCommand[],
  plan: KillPlan,
  onRound: (round: number) => boolean = () => true,
): Promise<readonly KillCount[]> {
  const random = createRandom(plan.seed);
  const counts = commands.map(({ name }): KillCount => ({ name, kills: 0, running: 0, next: 0, wrong: [] }));
  const wholes: WholeRun[] = [];
  for (const command of commands) {
    const whole = await wholeRun(bench, command);
    if (whole.code !== 0 && whole.code !== 1) throw new Error(`${command.name} ends with ${whole.code}`);
    wholes.push(whole);
  }
  for (let round = 0; round < plan.kills; round++) {
    for (const [index, command] of commands.entries()) {
      const [count, whole] = [counts[index], wholes[index]];
      if (!count || !whole) continue;
      const moment =
        round % 2 === 0 ? { milliseconds: random(Math.ceil(whole.milliseconds)) } : { changes: 1 + random(24) };
      const blow = blows[(round + index) % blows.length] ?? blows[0];
      if (!blow) continue;
      const { wasRunning, wrong } = await killOnce(bench, command, whole, { moment, blow });
      count.kills++;
      if (wasRunning) count.running++;
      const how = `${JSON.stringify(moment)}, ${blow.signal} to ${blow.to}`;
      count.wrong.push(...wrong.map((what) => `${how}: ${what}`));
      if ((round + 1) % plan.nextRun !== 0) continue;
      count.next++;
      count.wrong.push(...(await wrongAfterNext(bench, command, whole)).map((what) => `${how}, then: ${what}`));
    }
    if (!onRound(round)) break;
  }
  return counts;
}

/** The counts as a table of Markdown, and what was wrong. */
export function killsTable(counts: readonly KillCount[]): string {
  const rows = counts.map(
    ({ name, kills, running, next, wrong }) => `| ${name} | ${kills} | ${running} | ${next} | ${wrong.length} |\n`,
  );
  const wrong = counts.flatMap((count) => count.wrong.map((what) => `\n${count.name}: ${what}`));
  return `| command | kills | still running | runs to the end after one | wrong |\n| --- | ---: | ---: | ---: | ---: |\n${rows.join('')}${wrong.join('')}${wrong.length > 0 ? '\n' : ''}`;
}
