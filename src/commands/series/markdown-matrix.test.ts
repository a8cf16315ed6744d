import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRepository } from '../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'markdown-matrix-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('series --format markdown', () => {
  it('tells what a series changes of who may attach to whom', async () => {
    const linux = makeRepository(folder, 'invalidate-mappings');
    cpSync(join(fixturesFolder, 'invalidate-mappings/drivers/misc/revocable'), join(folder, 'drivers/misc/revocable'), {
      recursive: true,
    });
    const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
    linux.write('drivers/odd/odd.c', stub.replace(/\t\.invalidate_mappings.*\n/, ''));
    linux.commit('odd: import buffers');
    linux.write('drivers/odd/odd.c', stub);
    linux.commit('odd: say that it can be invalidated');
    const args = ['series', '--no-cache', 'HEAD~1..HEAD', '--tree', folder, '--format', 'markdown'];
    const { stdout } = await run(args, { cwd: folder });
    assert.match(stdout, /^## Who may attach to whom$/m);
    assert.match(
      stdout,
      /^\| `odd \(odd_ops\)` \| `revocable \(rvc_dmabuf_ops\)` \| refused at attach \| unsafe \(worse\) \|$/m,
    );
  });
});
