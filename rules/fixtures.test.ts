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
    const lint = async () => (await lintTree(openFolder(root), rules, defaultConfig)).findings;
    let first: ReturnType<typeof lint> | undefined;
    const firstFindings = (): ReturnType<typeof lint> => {
      first ??= lint();
      return first;
    };

    it('has exactly the findings that its markers expect', async () => {
      const expected = filesBelow(root).flatMap((path) =>
        expectedFindings(path, decodeSource(readFileSync(join(root, path)))),
      );
      assert.notEqual(expected.length, 0);
      assert.deepEqual(actualFindings(await firstFindings()), expected.sort());
    });

    it('gives the same result every time', async () => {
      assert.deepEqual(await lint(), await firstFindings());
    });
  });
}
