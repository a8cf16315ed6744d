import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { analysedKernel } from '../kernels/analysed-kernel.js';
import { oneOfSome } from '../run/cases.js';
import { exchangedJson, invented, jsonOf, linesApart, prefixed, renamedTree } from './renamed-api.js';

/** A store that notes what answers depend on, as that of the kernel has, outlines a few headers more to find a name. */
const withoutFiles = (json: string): string => json.replace(/"filesParsed": \d+/, '"filesParsed": 0');

describe('Linux 7.x with other names for the API, also in comments and documentation', () => {
  let tree: SourceTree;
  let plain: string;

  before(async () => {
    const kernel = await analysedKernel('7.x');
    tree = kernel.tree;
    plain = withoutFiles(jsonOf(kernel.clean));
  });

  for (const [what, names] of [
    ['with a prefix for tables of pages', prefixed],
    ['invented for every function', invented],
  ] as const)
    it(`${what}: scan and matrix say the same of them, byte for byte`, oneOfSome(names === invented), async () => {
      const renamed = withoutFiles(jsonOf(await lintTree(await renamedTree(tree, names), rules, defaultConfig)));
      assert.deepEqual(linesApart(renamed, exchangedJson(plain, tree, names)), []);
    });
});
