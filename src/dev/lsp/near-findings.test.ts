import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openFolder } from '../../input/tree/tree.js';
import { fixturesFolder, fixtureTrees } from '../examples/example-tree.js';
import { sample } from '../run/cases.js';
import { nearFindings } from './near-findings.js';

/** CI, which sets the variable, checks every file; a default run checks every second file. */
const step = process.env['DMABUF_LINT_EDITS'] ? 1 : 2;

describe('what is said of a file before the whole tree is read', () => {
  for (const name of Object.values(fixtureTrees))
    it(`is said by the whole tree too: ${name}`, sample(name !== 'paths'), async () => {
      const root = join(fixturesFolder, name);
      const tree = openFolder(root);
      const files = tree.sources.filter((_, index) => index % step === 0);
      const found = await nearFindings(root, tree, files);
      assert.deepEqual(found.disagreements, []);
      assert.ok(found.seen * 2 > found.all, `${found.seen} of ${found.all}`);
    });
});
