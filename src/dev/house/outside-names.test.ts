import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../../../../', import.meta.url));

/** Tables that are indexed plainly, and why no name from outside can come to them. */
const plain: ReadonlyMap<string, string> = new Map([
  ['expressions', 'by the types of syntax nodes, which the grammar names'],
  ['statements', 'by the types of syntax nodes, which the grammar names'],
  ['closers', 'by single characters'],
  ['open', 'by single characters'],
  ['rules', 'by the ids of our rules'],
  ['members', 'by its own keys'],
  ['options', 'by words of our own rule pages'],
  ['value', 'by the keys of a format of ours'],
]);

const sources = ['src', 'rules'].flatMap((folder) =>
  readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => relative(top, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !path.startsWith('src/dev/'))
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') })),
);

/** A plain object, by its type, and where it may be looked into: its file, or all where it is exported. */
const declared = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(export const )?(\w+)\??: (?:Readonly<)?Record<string,/g)].map(([, exported, name = '']) => ({
    name,
    places: exported ? sources : sources.filter((source) => source.path === path),
  })),
);

/** Where a text is looked into by a name that is no literal. */
function plainLookups(text: string, name: string): readonly string[] {
  const lookup = new RegExp(String.raw`(?<![\w'])${name}(?:\?\.|!)?\[(?!['"\]])[^\]\n]+\](?!\s*=[^=])`, 'g');
  return [...text.matchAll(lookup)].map(([found]) => found);
}

describe('a plain object with names that come from outside', () => {
  it('is asked by ownValue(), since every object has a constructor, a toString and others', () => {
    const wrong = declared
      .filter(({ name }) => !plain.has(name))
      .flatMap(({ name, places }) =>
        places.flatMap(({ path, text }) =>
          path === 'src/base/own-value.ts' ? [] : plainLookups(text, name).map((found) => `${path}: ${found}`),
        ),
      );
    assert.deepEqual([...new Set(wrong)], []);
  });

  it('is not asked with `in`', () => {
    const wrong = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/[(!&|] ?\(?[a-z]\w* in [a-z][\w.]*\)/g)].map(([found]) => `${path}: ${found}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('would be found out', () => {
    assert.deepEqual(plainLookups('return usages[origin.name] ?? null;', 'usages'), ['usages[origin.name]']);
    assert.deepEqual(plainLookups("return usages['kernel'];", 'usages'), []);
  });
});
