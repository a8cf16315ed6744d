import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeForTerminal } from './escape.js';

describe('text for a terminal', () => {
  it('keeps what people write', () => {
    for (const text of ['', 'a\tb', 'J\u00fcrgen \u4e16\u754c \u{1f600}', '\\n [x] "y"'])
      assert.equal(escapeForTerminal(text), text);
  });

  it('shows every control character but the tab as an escape', () => {
    for (let code = 0; code < 0xa0; code++) {
      if (code === 9 || (code >= 32 && code < 127)) continue;
      assert.equal(escapeForTerminal(`a${String.fromCharCode(code)}b`), `a\\x${code.toString(16).padStart(2, '0')}b`);
    }
    assert.equal(escapeForTerminal('\u001b[31mred\u001b[0m'), '\\x1b[31mred\\x1b[0m');
    assert.equal(escapeForTerminal('a\r\nb'), 'a\\x0d\\x0ab');
  });

  it('shows every character that changes the direction of writing as an escape', () => {
    for (const code of [0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069])
      assert.equal(escapeForTerminal(`a${String.fromCharCode(code)}b`), `a\\u${code.toString(16).padStart(4, '0')}b`);
  });

  it('shows line separators as escapes: one line stays one', () => {
    assert.equal(escapeForTerminal('a\u2028b\u2029c'), 'a\\u2028b\\u2029c');
  });
});
