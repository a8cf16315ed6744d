import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { coreFiles, fixturesFolder } from '../../dev/examples/example-tree.js';
import { openMemory } from '../../input/tree/tree.js';
import { buildContract } from '../contract.js';

const core = coreFiles.map((path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')]);
const driver = 'drivers/example/example.c';

/** A function that takes the lock and leaves it held, beside one that drops a lock which it has not taken. */
function code(table: string): string {
  return `#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

static int ex_take(struct ex_bo *bo)
{
	dma_resv_lock(bo->dmabuf->resv, NULL);
	bo->uses++;
	return 0;
}

static void ex_drop(struct ex_bo *bo)
{
	dma_resv_unlock(bo->dmabuf->resv);
}

void ex_free(struct ex_bo *bo)
{
	dma_buf_put(bo->dmabuf);
}

${table}
`;
}

async function defectsWith(table: string): Promise<readonly string[]> {
  const contract = await buildContract(openMemory('example', { ...Object.fromEntries(core), [driver]: code(table) }));
  return contract.locks().defects.map(({ function: name, verdict, certainty }) => `${name} ${verdict} ${certainty}`);
}

describe('a function that leaves a lock held, and another that drops one', () => {
  it('are a pair where somebody may call the one after the other', async () => {
    assert.deepEqual(await defectsWith('int ex_use(struct ex_bo *bo)\n{\n\treturn ex_take(bo);\n}'), []);
    for (const slot of ['lock', 'begin_access'])
      assert.deepEqual(
        await defectsWith(`const struct ex_ops ops = { .${slot} = ex_take, .done = ex_drop };`),
        [],
        slot,
      );
  });

  it('are a pair where both stand in one table of the driver', async () => {
    assert.deepEqual(await defectsWith('const struct ex_ops ops = { .pin = ex_take, .unlock = ex_drop };'), []);
  });

  it('are none where the one is entered through a member that says nothing of a lock, of another table', async () => {
    const tables =
      'const struct ex_ops ops = { .pin = ex_take };\nconst struct ex_other other = { .unlock = ex_drop };';
    const found = await defectsWith(tables);
    assert.deepEqual(found, ['ex_take never-dropped low']);
  });
});
