import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withScratch } from '../../base/scratch.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder, openMemory, type SourceTree } from '../../input/tree/tree.js';
import { fixturesFolder, fixtureTrees } from '../examples/example-tree.js';
import { sample, some } from '../run/cases.js';
import { compareKeptWithFresh, createRandom, inMemory, onDisk, randomTrees } from './random-edits.js';

/** A few edits of each fixture tree; CI sets the variable for more. */
const trees = Number(process.env['DMABUF_LINT_EDITS'] ?? 3);
const seed = Number(process.env['DMABUF_LINT_SEED'] ?? 1);

/** A fixture tree in memory, with the drivers of all other fixture trees. */
function wholeTree(main: string): SourceTree {
  const files: Record<string, string> = {};
  for (const folder of [...Object.values(fixtureTrees).filter((name) => name !== main), main]) {
    const tree = openFolder(join(fixturesFolder, folder));
    for (const path of [...tree.sources, ...tree.documentation, 'Makefile']) files[path] = tree.read(path) ?? '';
  }
  return openMemory(main, files);
}

/** In CI, some of the trees have the drivers of all fixtures. */
const whole = some(Object.values(fixtureTrees), 0);

describe('a tree that differs little from the last', () => {
  for (const [index, main] of Object.values(fixtureTrees).entries())
    it(`gives what it gives by itself: ${main}`, sample(main !== 'paths'), async () => {
      const base = rememberingTree(whole.includes(main) ? wholeTree(main) : openFolder(join(fixturesFolder, main)));
      const core = base.sources.filter((path) => /^(?:include|drivers\/dma-buf)\//.test(path));
      const line = randomTrees(base, [...base.sources, ...core, ...core], trees, createRandom(seed * 100 + index));
      assert.deepEqual(await compareKeptWithFresh(base, line, inMemory()), []);
    });
});

describe('a tree of which an earlier process has kept what it found out', () => {
  for (const [index, main] of Object.values(fixtureTrees).entries())
    it(`gives what it gives by itself: ${main}`, sample(main !== 'paths'), () =>
      withScratch(process.env, async (folder) => {
        const base = rememberingTree(whole.includes(main) ? wholeTree(main) : openFolder(join(fixturesFolder, main)));
        const files = [...base.sources, ...base.sources, 'Makefile'];
        const line = randomTrees(base, files, trees, createRandom(seed * 1000 + index));
        assert.deepEqual(await compareKeptWithFresh(base, line, onDisk(folder)), []);
      }),
    );
});
