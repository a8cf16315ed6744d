import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { stampedWalk } from './stamped-walk.js';
import { walkTree } from './walk.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stamps-'));
  // So many folders that a second thread is worth its while.
  for (let number = 0; number < 120; number++) {
    mkdirSync(join(root, `drivers/d${number}/below`), { recursive: true });
    writeFileSync(join(root, `drivers/d${number}/a.c`), 'int a;\n');
    writeFileSync(join(root, `drivers/d${number}/below/b.h`), 'int b;\n');
  }
  mkdirSync(join(root, 'Documentation/driver-api'), { recursive: true });
  writeFileSync(join(root, 'Documentation/driver-api/dma-buf.rst'), 'text\n');
  writeFileSync(join(root, 'Makefile'), 'VERSION = 7\n');
});
afterEach(() => rmSync(root, { recursive: true }));

/** A time at which everything has settled. */
const later = (): number => Date.now() + 60_000;
const stamp = async (): Promise<string | null> => (await stampedWalk(root, later())).stamp;

describe('a walk with a stamp', () => {
  it('finds what a walk without finds, in the same order', async () => {
    const { sources, documentation, makefiles, problems } = await stampedWalk(root, later());
    const walk = { sources, documentation, makefiles, problems };
    assert.deepEqual(walk, walkTree(root));
    assert.equal(walk.sources.length, 240);
  });

  it('is the same as long as nothing changes', async () => {
    const first = await stamp();
    assert.match(first ?? '', /^folder [0-9a-f]{64}$/);
    assert.equal(await stamp(), first);
  });

  const changes: Readonly<Record<string, () => void>> = {
    'a file that is longer': () => writeFileSync(join(root, 'drivers/d7/a.c'), 'int aa;\n'),
    'other words of the same length, with the old time put back': () => {
      const path = join(root, 'drivers/d7/a.c');
      const { atime, mtime } = statSync(path);
      writeFileSync(path, 'int z;\n');
      utimesSync(path, atime, mtime);
    },
    'a new file': () => writeFileSync(join(root, 'drivers/d7/c.c'), ''),
    'a file that is gone': () => rmSync(join(root, 'drivers/d119/below/b.h')),
    'a file under another name': () => renameSync(join(root, 'drivers/d1/a.c'), join(root, 'drivers/d1/z.c')),
    'a file that replaces another': () => {
      writeFileSync(join(root, 'drivers/d1/new'), 'int a;\n');
      renameSync(join(root, 'drivers/d1/new'), join(root, 'drivers/d1/a.c'));
    },
    'a file that must not be read any more': () => chmodSync(join(root, 'drivers/d1/a.c'), 0o200),
    documentation: () => writeFileSync(join(root, 'Documentation/driver-api/dma-buf.rst'), 'words\n'),
    'a makefile, which says what belongs to a driver': () =>
      writeFileSync(join(root, 'drivers/d7/Makefile'), 'obj-m := a.o\n'),
    'the Makefile, which has the version': () => writeFileSync(join(root, 'Makefile'), 'VERSION = 8\n'),
  };
  for (const [what, change] of Object.entries(changes))
    it(`is another one with ${what}`, async () => {
      const before = await stamp();
      change();
      assert.notEqual(await stamp(), before);
    });

  it('is none where a file was changed a moment ago, since the next change might not be seen', async () => {
    // Not by the files of before: on a busy machine, to write them may have taken longer than a moment.
    writeFileSync(join(root, 'Makefile'), 'VERSION = 8\n');
    const written = Date.now();
    assert.equal((await stampedWalk(root)).stamp, null);
    assert.equal((await stampedWalk(root, written + 2000)).stamp, null);
  });

  it('does not care for files that no analysis reads', async () => {
    const before = await stamp();
    writeFileSync(join(root, 'drivers/d7/a.o'), 'object');
    assert.equal(await stamp(), before);
  });
});
