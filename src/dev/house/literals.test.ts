import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literalsIn } from './literals.js';

function brief(text: string): readonly string[] {
  return literalsIn(text).map(({ kind, text: content, line }) => `${line} ${kind} ${content}`);
}

describe('the literals of a text', () => {
  it('are strings, templates and regular expressions, with their lines', () => {
    assert.deepEqual(brief("const a = 'b';\nconst c = /d[/]e/g.test(`f {a}`);"), [
      '1 string b',
      '2 pattern d[/]e',
      '2 template f {a}',
    ]);
  });

  it('are none in comments, and a division is none', () => {
    assert.deepEqual(brief("// 'a'\n/* /b/ */ const c = d / e / f; const g = (h) / i / j;"), []);
  });

  it('may come after a keyword, or at the beginning', () => {
    assert.deepEqual(brief('/a/.test(b);'), ['1 pattern a']);
    assert.deepEqual(brief('return /a/.test(b) || /c/.test(d);'), ['1 pattern a', '1 pattern c']);
  });

  it('keep what is escaped', () => {
    assert.deepEqual(brief("'it\\'s' + \"two\""), ["1 string it\\'s", '1 string two']);
  });
});
