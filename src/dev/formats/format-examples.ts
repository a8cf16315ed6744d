import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../rules/index.js';
import { openMemory } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { defaultConfig, matchBaseline, siftByBaseline, withoutKnown } from '../../lint/index.js';
import { type RunReport, scanReport, seriesReport } from '../../report/index.js';
import { withExample } from '../examples/example-series.js';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';

const folder = join(fixturesFolder, 'formats');
const core = join(fixturesFolder, 'invalidate-mappings');

/** Odd names: for every format they contain a character that is special there. */
export const oddPaths = {
  stub: 'drivers/50%,odd:\'name\' & "co" <é>\n::error::/[stub] #1?.c',
  locks: 'drivers/locks.c',
} as const;

/** A tree with a new finding, a known one, a suppressed one, a fixed one, and a place that is not analysed. */
export async function exampleScan(): Promise<RunReport> {
  const files = Object.fromEntries([
    ...coreFiles.map((path) => [path, readFileSync(join(core, path), 'utf8')]),
    [oddPaths.stub, readFileSync(join(folder, 'stub.c'), 'utf8')],
    [oddPaths.locks, readFileSync(join(folder, 'locks.c'), 'utf8')],
  ]);
  const whole = await lintTree(openMemory('example', files), rules, defaultConfig);
  const entries = whole.findings
    .filter(({ file }) => file === oddPaths.locks)
    .map(({ rule, file, mark, message }) => ({ rule, file, mark, message, reason: 'left for 7.4 <see "bug" & co>' }));
  const gone = {
    rule: 'pin-leak',
    file: oddPaths.stub,
    mark: { subject: 'odd_old', sourceLine: 'dma_buf_pin(attach);', occurrence: 0 },
    message: "a pin of 'odd_old' & co was left behind",
    reason: '',
  };
  const baseline = { path: 'baseline.jsonl', entries: [...entries, gone] };
  const looked = { hasFile: () => true, looksAt: () => true };
  const sifted = siftByBaseline(baseline, matchBaseline(baseline.entries, whole.findings, looked));
  const outcome = {
    ...withoutKnown(outcomeOf(whole), [sifted]),
    revision: '0123456789abcdef0123456789abcdef01234567',
  };
  const changedLines = new Map([[oddPaths.stub, new Set([15])]]);
  return scanReport(outcome, { repository: 'https://git.example.org/linux.git', changedLines });
}

/** Two mails: the first adds the driver of `stub.c`, the second breaks it. */
export async function exampleSeries(): Promise<RunReport> {
  const code = readFileSync(join(folder, 'series.mbox'), 'utf8');
  const example = { isBad: true, kind: 'series', code, options: {}, line: 1 } as const;
  return await withExample(example, rules, defaultConfig, (outcome) =>
    seriesReport(outcome, { repository: null, hasDiffs: true, hasOld: false, affected: null }),
  );
}
