import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withScratch } from '../../base/scratch.js';
import { openFolder } from '../../input/tree/tree.js';
import { fixturesFolder, fixtureTrees } from '../examples/example-tree.js';
import { run } from '../examples/run-command.js';
import { sample } from '../run/cases.js';
import { createRandom, randomEdit } from './random-edits.js';

const count = Number(process.env['DMABUF_LINT_EDITS'] ?? 3);
const seed = Number(process.env['DMABUF_LINT_SEED'] ?? 1);

/** Longer than what was changed counts as changed just now. */
const settles = 3200;

/** What a scan says, without its time. */
async function scan(tree: string, cache: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(['scan', tree, '--format', 'json', ...args], { env: { XDG_CACHE_HOME: cache } });
  return `${stdout}${stderr}`.replace(/"milliseconds":\s*\d+/, '');
}

/** Makes one random edit in a folder, and says which. */
function editOnDisk(folder: string, random: (below: number) => number): string {
  const tree = openFolder(folder);
  const { what, change } = randomEdit(tree, [...tree.sources, ...tree.documentation, 'Makefile'], random);
  for (const [path, text] of change)
    if (text === null) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), text);
  return what;
}

describe('a folder in which files change between one scan and the next', () => {
  for (const [index, main] of Object.values(fixtureTrees).entries())
    it(`is told as without what earlier scans kept: ${main}`, sample(main !== 'paths'), () =>
      withScratch(process.env, async (scratch) => {
        const [folder, cache] = [join(scratch, 'linux'), join(scratch, 'cache')];
        cpSync(join(fixturesFolder, main), folder, { recursive: true });
        // From then on the stamps of files that do not change are believed.
        await sleep(settles);
        await scan(folder, cache);
        const random = createRandom(seed * 10_000 + index);
        for (let edit = 0; edit < count; edit++) {
          const what = editOnDisk(folder, random);
          assert.equal(await scan(folder, cache), await scan(folder, cache, '--no-cache'), what);
        }
      }),
    );
});
