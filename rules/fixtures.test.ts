import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  actualFindings,
  expectedFindings,
  filesBelow,
  fixturesFolder,
  fixtureTrees,
} from '../src/dev/examples/example-tree.js';
import { decodeSource } from '../src/input/tree/decode.js';
import { openFolder } from '../src/input/tree/tree.js';
import { lintTree } from '../src/lint/analysis.js';
import { defaultConfig } from '../src/lint/index.js';
import { rules } from './index.js';

for (const name of Object.values(fixtureTrees)) {
  describe(`fixture tree ${name}`, () => {
    const root = join(fixturesFolder, name);

    it('has exactly the findings that its markers expect', async () => {
      const expected = filesBelow(root).flatMap((path) =>
        expectedFindings(path, decodeSource(readFileSync(join(root, path)))),
      );
      assert.notEqual(expected.length, 0);
      const { findings } = await lintTree(openFolder(root), rules, defaultConfig);
      assert.deepEqual(actualFindings(findings), expected.sort());
    });

    it('gives the same result every time', async () => {
      const run = async () => (await lintTree(openFolder(root), rules, defaultConfig)).findings;
      assert.deepEqual(await run(), await run());
    });
  });
}
