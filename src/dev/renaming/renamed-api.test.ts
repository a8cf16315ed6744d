import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { apiRow } from '../../kernel/index.js';
import { lintTree } from '../../lint/analysis.js';
import { applyEdits, defaultConfig, type Result } from '../../lint/index.js';
import { fixturesFolder } from '../examples/example-tree.js';
import {
  exchangedJson,
  exchanger,
  invented,
  inventedStructs,
  jsonOf,
  linesApart,
  type NewNames,
  prefixed,
  renamedTree,
} from './renamed-api.js';

/** The functions whose bodies the core of a fixture tree has, so that it shows what they do. */
function shownNames(core: string, names: NewNames): NewNames {
  return new Map(
    [...names].filter(
      ([name]) =>
        (!apiRow(name) && new RegExp(`\\b${name}\\b`).test(core)) ||
        new RegExp(`^(?:[\\w ]+[ *])?${name}\\([^;{}()]*\\)\\n\\{`, 'm').test(core),
    ),
  );
}

/** What each proposed fix makes of the files that it changes. */
function fixedTexts({ fixes }: Result, tree: SourceTree): readonly string[] {
  return [...fixes.values()].flatMap((propose) => {
    const fix = propose();
    if (fix.kind === 'none') return [fix.because];
    const paths = [...new Set(fix.edits.map(({ path }) => path))];
    return paths.map((path) =>
      applyEdits(
        tree.read(path) ?? '',
        fix.edits.filter((edit) => edit.path === path),
      ),
    );
  });
}

for (const fixture of ['move-notify', 'invalidate-mappings', 'marker-field'])
  describe(`the fixture tree ${fixture} with other names`, () => {
    const tree = openFolder(join(fixturesFolder, fixture));
    const texts = ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c']
      .map((path) => tree.read(path) ?? '')
      .join('\n');

    for (const [what, all] of [
      ['with a prefix', prefixed],
      ['that are invented', invented],
      ['that are invented, also for structs, members and the callback', inventedStructs],
    ] as const)
      it(`${what} says the same of them`, async () => {
        const names = shownNames(texts, all);
        assert.ok(names.size >= prefixed.size, [...names.keys()].join());
        const plain = jsonOf(await lintTree(tree, rules, defaultConfig));
        const renamed = jsonOf(await lintTree(await renamedTree(tree, names), rules, defaultConfig));
        assert.deepEqual(linesApart(renamed, exchangedJson(plain, tree, names)), []);
      });

    it('gets the same fixes, in its own names', async () => {
      const names = shownNames(texts, invented);
      const other = await renamedTree(tree, names);
      const plain = fixedTexts(await lintTree(tree, rules, defaultConfig), tree).map(exchanger(names));
      const renamed = fixedTexts(await lintTree(other, rules, defaultConfig), other);
      assert.ok(plain.length > 0);
      assert.deepEqual(linesApart(renamed.join('\n'), plain.join('\n')), []);
    });
  });
