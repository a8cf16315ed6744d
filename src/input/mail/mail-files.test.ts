import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { InputError } from '../tree/tree.js';
import { readMailFiles, readMailStream } from './mail-files.js';

let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'mails-'));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function names(path = top): readonly string[] {
  return readMailFiles([path], top).map(({ name }) => basename(name));
}

describe('files of mail', () => {
  it('are read as they are, whatever their names', () => {
    writeFileSync(join(top, 'series'), 'a');
    const [input] = readMailFiles([join(top, 'series')], top);
    assert.deepEqual(input, { name: join(top, 'series'), bytes: Buffer.from('a') });
  });

  it('are those of a folder that look like mail, in the order of their names', () => {
    for (const name of [
      '0002-b.patch',
      '0001-a.patch',
      '0010-c.patch',
      'a.mbx',
      'a.cover',
      'b.mbox.gz',
      'README',
      'x~',
    ])
      writeFileSync(join(top, name), '');
    mkdirSync(join(top, 'old.patch'));
    assert.deepEqual(names(), ['0001-a.patch', '0002-b.patch', '0010-c.patch', 'a.cover', 'a.mbx', 'b.mbox.gz']);
  });

  it('are all those of a maildir', () => {
    for (const part of ['cur', 'new', 'tmp']) {
      mkdirSync(join(top, part));
      writeFileSync(join(top, part, `${part}:2,S`), '');
    }
    assert.deepEqual(names(), ['cur:2,S', 'new:2,S']);
  });

  it('are refused where there are none, with what to do', () => {
    assert.throws(
      () => readMailFiles([join(top, 'none')], top),
      (error) => error instanceof InputError && /no such file/.test(error.message),
    );
    assert.throws(() => readMailFiles([top], top), /has no \.patch/);
    for (const part of ['cur', 'new']) mkdirSync(join(top, part));
    assert.throws(() => readMailFiles([top], top), /has no mail/);
    assert.throws(() => readMailFiles(['/dev/zero'], top), /more than 64 MB/);
  });
});

describe('standard input', () => {
  it('is an input named -', async () => {
    assert.deepEqual(await readMailStream(Readable.from([Buffer.from('a'), Buffer.from('b')])), {
      name: '-',
      bytes: Buffer.from('ab'),
    });
  });

  it('is refused where it does not end', async () => {
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(1 << 20);
    })();
    await assert.rejects(readMailStream(endless), /-: more than 64 MB/);
  });
});
