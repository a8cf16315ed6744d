import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { openFolder } from '../../input/tree/tree.js';
import { fuzzProperties, kernelProperty } from './fuzz-properties.js';

// `npm run fuzz -- --seconds N [--seed S] [--only WORD] [--tree FOLDER]`: checks the properties on as many inputs as time
// allows, and with --tree on the files of a kernel tree, too. A failure is printed with the seed and path that repeat it.
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string' },
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
const chosen = properties.filter(({ name }) => name.includes(values.only ?? ''));
const milliseconds = (Number(values.seconds) * 1000) / Math.max(1, chosen.length);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
let isSound = true;
for (const { name, property } of chosen) {
  const options = { seed, numRuns: 1_000_000, interruptAfterTimeLimit: milliseconds, markInterruptAsFailure: false };
  const { failed, interrupted, numRuns, counterexamplePath, counterexample, errorInstance } = await fc.check(
    property,
    options,
  );
  isSound &&= !failed || (interrupted && counterexample === null);
  process.stdout.write(
    `${failed && counterexample !== null ? 'FAILED' : 'ok'}: ${name}: ${numRuns} inputs (seed ${seed}${counterexamplePath ? `, path ${counterexamplePath}` : ''})\n`,
  );
  if (counterexample !== null)
    process.stdout.write(
      `${String(errorInstance instanceof Error ? errorInstance.stack : errorInstance)}\n${JSON.stringify(counterexample)?.slice(0, 4000)}\n`,
    );
}
process.exitCode = isSound ? 0 : 1;
