import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixturesFolder } from '../examples/example-tree.js';
import { showTree, textDifferences } from './show-tree.js';

const demo = fileURLToPath(new URL('../demo.js', import.meta.url));
describe('the demo', () => {
  let shown: SpawnSyncReturns<string>;
  before(() => {
    shown = spawnSync(process.execPath, [demo], { encoding: 'utf8', cwd: tmpdir() });
  });

  it('ends well, and prints nothing on standard error', () => {
    assert.deepEqual([shown.status, shown.stderr], [0, '']);
  });

  it('shows of each of the four trees what its markers expect, and no other gap', () => {
    const parts = shown.stdout.split(/^=== .*\n\$ dmabuf-lint scan fixtures\//m).slice(1);
    const names = parts.map((part) => part.slice(0, part.indexOf(' ')));
    assert.deepEqual(names, ['move-notify', 'invalidate-mappings', 'marker-field', 'paths']);
    for (const [index, part] of parts.entries()) {
      assert.deepEqual(textDifferences(part, join(fixturesFolder, names[index] ?? '')), []);
      assert.match(part, / \[[\w-]+, confidence \w+\]$/m);
    }
    assert.doesNotMatch(shown.stdout, /cannot be read|cannot be parsed|internal error/);
    const gaps = parts.map((part) => Number(/; (\d+) not analysed \(\d+ files seen/.exec(part)?.[1]));
    // Two macros of `paths` call the API: their uses are not looked into, and the tool says so.
    assert.deepEqual(gaps, [0, 0, 0, 2]);
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
