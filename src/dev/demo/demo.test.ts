import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixturesFolder } from '../examples/example-tree.js';
import { demoTrees, showTree } from './show-tree.js';

const demo = fileURLToPath(new URL('../demo.js', import.meta.url));
const top = join(fixturesFolder, '..');

describe('the demo', () => {
  it('shows all four trees, and nothing that does not belong there', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [demo], { encoding: 'utf8', cwd: tmpdir() });
    assert.deepEqual([status, stderr], [0, '']);
    const commands = [...stdout.matchAll(/^\$ dmabuf-lint scan fixtures\/([\w-]+) --format text$/gm)];
    assert.deepEqual(
      commands.map(([, folder]) => folder),
      ['move-notify', 'invalidate-mappings', 'marker-field', 'paths'],
    );
    assert.doesNotMatch(stdout, /cannot be read|cannot be parsed|internal error/);
    const gaps = [...stdout.matchAll(/^.*; (\d+) not analysed \(\d+ files seen/gm)].map(([, count]) => Number(count));
    // Two macros of `paths` call the API: their uses are not looked into, and the tool says so.
    assert.deepEqual(gaps, [0, 0, 0, 2]);
  });

  for (const { folder } of demoTrees)
    it(`shows of ${folder} what its markers expect`, async () => {
      const { stdout, differences } = await showTree(top, `fixtures/${folder}`);
      assert.deepEqual(differences, []);
      assert.match(stdout, / \[[\w-]+, confidence \w+\]$/m);
    });
});

describe('a tree that is not as its markers say', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'));
    cpSync(join(fixturesFolder, 'marker-field'), join(folder, 'tree'), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const differencesAfter = async (change: () => void): Promise<readonly string[]> => {
    change();
    return (await showTree(folder, 'tree')).differences;
  };

  it('makes the demo fail: a finding that is missing, and one that nobody expects', async () => {
    const path = join(folder, 'tree/drivers/rnic/unmarked/unmarked.c');
    const text = readFileSync(path, 'utf8');
    const line = text.split('\n').findIndex((each) => each.includes('expect: pinned-importer-unmarked')) + 1;
    const other = text.replace('expect: pinned-importer-unmarked', 'expect: stub-callback');
    const place = `drivers/rnic/unmarked/unmarked.c:${line}`;
    const found = await differencesAfter(() => writeFileSync(path, other));
    assert.ok(found.includes(`${place} stub-callback: this finding is missing`), found.join('\n'));
    assert.ok(found.includes(`${place} pinned-importer-unmarked: no marker expects this finding`), found.join('\n'));
    writeFileSync(path, text);
    assert.deepEqual(await differencesAfter(() => undefined), []);
  });

  it('makes the demo fail: a place that cannot be analysed', async () => {
    const path = join(folder, 'tree/drivers/rnic/unmarked/unmarked.c');
    const found = await differencesAfter(() =>
      appendFileSync(path, '\nint gap(struct dma_buf_attachment *attach)\n{\n\tdma_buf_pin(attach);\n\t@ @ @;\n}\n'),
    );
    assert.ok(
      found.some((each) => /no marker expects this place that is not analysed$/.test(each)),
      found.join('\n'),
    );
  });

  it('makes the demo fail: a file that cannot be read', async () => {
    // Whoever reads it, root included, gets EIO.
    const found = await differencesAfter(() => symlinkSync('/proc/self/mem', join(folder, 'tree/drivers/unread.c')));
    assert.ok(found.includes('drivers/unread.c:: no marker expects this place that is not analysed'), found.join('\n'));
  });
});
