import { parseArgs } from 'node:util';
import { openFolder } from '../../input/tree/tree.js';
import { wholeNumber } from '../scripts/user-errors.js';
import { fuzzProperties } from './fuzz-properties.js';
import { fuzzTable, runFuzz } from './fuzz-run.js';
import { kernelProperty } from './tree-properties.js';

// `npm run fuzz -- [--count N] [--seconds N] [--seed S] [--only WORD] [--tree FOLDER]`: checks the properties on N inputs,
// of which pure functions get most, and with --tree on the files of a kernel tree, too. --seconds, or Ctrl-C, ends it after
// the round in which the properties take turns. It prints how many inputs each property got. A failure is printed with the
// seed and path that repeat it.
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
    tree: { type: 'string' },
  },
});

/** The files of a tree that mention dma-buf, without the largest, which take too long. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const tree = openFolder(folder);
  const { hits } = await tree.search(tree.sources, ['dma_buf_'], false);
  return hits
    .flat()
    .flatMap((path) => tree.read(path) ?? [])
    .filter((text) => text.length < 200_000);
}

const properties =
  values.tree === undefined ? fuzzProperties : [...fuzzProperties, kernelProperty(await filesOf(values.tree))];
const chosen = properties.filter(({ name }) => name.includes(values.only));
const count = wholeNumber(values.count, 'number of inputs');
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : wholeNumber(values.seed, 'seed', 0);
const until =
  values.seconds === undefined
    ? Number.POSITIVE_INFINITY
    : performance.now() + wholeNumber(values.seconds, 'number of seconds') * 1000;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isInterrupted = true;
  });

const rounds = Math.min(1000, Math.max(1, Math.round(count / 10_000)));
const counts = await runFuzz(chosen, { seed, count, rounds }, (so, round) => {
  const tried = so.reduce((sum, { inputs }) => sum + inputs, 0);
  process.stderr.write(`round ${round + 1} of ${rounds}: ${tried} inputs\n`);
  return !isInterrupted && performance.now() < until;
});
process.stdout.write(`seed ${seed}\n\n${fuzzTable(counts)}`);
for (const { name, failure } of counts) if (failure !== null) process.stdout.write(`\nFAILED: ${name}: ${failure}\n`);
process.exitCode = counts.every(({ failure }) => failure === null) ? 0 : 1;
