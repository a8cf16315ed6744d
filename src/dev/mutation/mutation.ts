import { parseArgs } from 'node:util';
import { openFolder } from '../../input/tree/tree.js';
import { kernelTree } from '../kernels/kernel-cache.js';
import { wholeNumber } from '../scripts/user-errors.js';
import { findMutants } from './mutants.js';
import { recallTable, sample, type Trial, tryMutants } from './recall.js';

// `npm run mutations -- [--tree FOLDER | --kernel VERSION] [--count N] [--seed S] [--only WORD]`: puts single mistakes into
// the drivers of a tree, scans it with each, and counts by kind how many are told. The mistakes that are not told are listed.
const { values } = parseArgs({
  options: {
    tree: { type: 'string' },
    kernel: { type: 'string', default: '7.x' },
    count: { type: 'string', default: '800' },
    seed: { type: 'string', default: '19' },
    only: { type: 'string', default: '' },
  },
});
const folder = values.tree ?? kernelTree(values.kernel);
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isInterrupted = true;
  });

const placeOf = ({ mutant }: Trial): string =>
  `${mutant.path}:${mutant.line}: ${mutant.function}(): ${mutant.mistake}: ${mutant.code}\n`;

const tree = openFolder(folder);
const all = (await findMutants(tree)).filter(({ mistake, path }) => `${mistake} ${path}`.includes(values.only));
const chosen = sample(all, wholeNumber(values.count, 'number of mistakes'), wholeNumber(values.seed, 'seed', 0));
process.stderr.write(`${chosen.length} of ${all.length} possible mistakes\n`);
const trials = await tryMutants(tree, chosen, (_, done) => {
  if (done % 10 === 0) process.stderr.write(`${done} of ${chosen.length}\n`);
  return !isInterrupted;
});
for (const trial of trials.filter(({ told }) => told === 'not told'))
  process.stdout.write(`not told: ${placeOf(trial)}`);
process.stdout.write(`\n${recallTable(trials)}`);
