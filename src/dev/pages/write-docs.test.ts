import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { filesBelow } from '../examples/example-tree.js';
import { docsFolder, generatePages, writePages } from './write-docs.js';

describe('docs-out', () => {
  let pages: ReadonlyMap<string, string>;
  before(async () => {
    pages = await generatePages();
  });

  it('is what `npm run docs` writes', () => {
    assert.deepEqual([...filesBelow(docsFolder)].sort(), [...pages.keys()].sort());
    for (const [path, text] of pages) assert.equal(readFileSync(join(docsFolder, path), 'utf8'), text, path);
  });

  it('has a page for every rule, and links to it', () => {
    const index = pages.get('rules/README.md') ?? '';
    for (const { id } of rules) {
      assert.ok(pages.has(`rules/${id}.md`), id);
      assert.ok(index.includes(`(${id}.md)`), id);
    }
  });

  it('links to pages that there are', () => {
    for (const [path, text] of pages)
      for (const [, target] of text.matchAll(/\]\(([\w./-]+\.md)\)/g)) {
        const folder = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : '';
        assert.ok(pages.has(`${folder}${target}`), `${path} links to ${target}`);
      }
  });
});

describe('writing pages', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dmabuf-lint-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('writes what is new, removes what is stale, and leaves the rest alone', async () => {
    mkdirSync(join(folder, 'old'));
    writeFileSync(join(folder, 'old', 'gone.md'), 'gone');
    writeFileSync(join(folder, 'same.md'), 'same');
    const pages = new Map([
      ['same.md', 'same'],
      ['new/page.md', 'page'],
    ]);
    assert.deepEqual(await writePages(folder, pages), ['new/page.md', 'old/gone.md']);
    assert.deepEqual([...filesBelow(folder)].sort(), ['new/page.md', 'same.md']);
    assert.deepEqual(await writePages(folder, pages), []);
  });
});
