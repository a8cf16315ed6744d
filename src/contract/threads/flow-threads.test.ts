import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { openFolder, openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../../program/index.js';
import { buildContract } from '../contract.js';
import { startFlowThreads } from './flow-threads.js';

const folder = join(fixturesFolder, 'paths');
const options = { markers: [], attributeWords: [], leftOut: [] };

/** What the paths of the fixtures give with so many threads beside this one. */
async function followed(threads: number) {
  const contract = await buildContract(openFolder(folder), { ...options, threads });
  await contract.settle(() => undefined);
  const { program } = contract.codebase;
  return {
    lifetimes: contract.lifetimes(),
    locks: contract.locks(),
    gaps: contract.gaps(),
    counts: [program.parsedFiles(), program.loweredFunctions()],
  };
}

describe('threads that follow paths', () => {
  it('change no result and no count, however many there are', async () => {
    const alone = await followed(0);
    assert.ok(alone.lifetimes.leaks.length > 0 && alone.locks.defects.length > 0);
    for (const threads of [1, 2]) assert.deepEqual(await followed(threads), alone, `${threads} threads`);
  });

  it('make the answers: the thread that asks finds them', async () => {
    const tree = openFolder(folder);
    const codebase = await openCodebase(tree, options);
    const threads = startFlowThreads(tree, codebase, options, 2);
    assert.ok(threads);
    const before = codebase.program.loweredFunctions();
    threads.begin();
    await threads.finish();
    assert.ok(codebase.program.loweredFunctions() > before + 100);
  });

  it('are not started for a few files, for a tree that is in no folder, or where nobody wants them', async () => {
    const memory = openMemory('linux', {
      'drivers/a/a.c': 'void a(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n}\n',
    });
    const small = await openCodebase(memory, options);
    assert.equal(startFlowThreads({ ...memory, folder }, small, options, 2), null);
    const tree = openFolder(folder);
    const codebase = await openCodebase(tree, options);
    const { folder: _, ...elsewhere } = tree;
    assert.equal(startFlowThreads(elsewhere, codebase, options, 2), null);
    assert.equal(startFlowThreads(tree, codebase, options, 0), null);
  });
});
