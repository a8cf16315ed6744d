import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeSource } from './decode.js';

describe('decoding a source file', () => {
  it('reads ASCII', () => {
    assert.equal(decodeSource(Buffer.from('int a; /* b */\r\n')), 'int a; /* b */\r\n');
    assert.equal(decodeSource(Buffer.alloc(0)), '');
  });

  it('reads UTF-8', () => {
    assert.equal(decodeSource(Buffer.from('/* \u00fc \u4e16 \u{1f600} */', 'utf8')), '/* \u00fc \u4e16 \u{1f600} */');
  });

  it('reads Latin-1 where it is no UTF-8, one character a byte', () => {
    assert.equal(decodeSource(Buffer.from('/* J\u00fcrgen */', 'latin1')), '/* J\u00fcrgen */');
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    assert.equal(decodeSource(every).length, 256);
  });

  it('reads UTF-8 that is cut off as Latin-1: no byte makes a file unreadable', () => {
    assert.equal(decodeSource(Buffer.from([0x61, 0xc3])), 'a\u00c3');
  });

  it('leaves out a byte order mark, so that the first line begins in column 1', () => {
    assert.equal(decodeSource(Buffer.from('\ufeff#include <a.h>\n', 'utf8')), '#include <a.h>\n');
  });

  it('keeps null bytes', () => {
    assert.equal(decodeSource(Buffer.from('a\0b')), 'a\0b');
  });
});
