import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskText } from './mask.js';

/** Masks a text, and checks that its length and newlines stay the same. */
function mask(text: string) {
  const masked = maskText(text);
  assert.equal(masked.code.length, text.length);
  assert.deepEqual(newlines(masked.code), newlines(text));
  return masked;
}

function newlines(text: string): readonly number[] {
  return [...text.matchAll(/\n/g)].map((match) => match.index);
}

/** The masked code, with single blanks. */
function code(text: string): string {
  return mask(text).code.replace(/\s+/g, ' ').trim();
}

function comments(text: string): readonly string[] {
  return mask(text).comments.map(({ start, end }) => text.slice(start, end));
}

describe('masking comments', () => {
  it('blanks a block comment and lists where it stands', () => {
    assert.equal(code('int a; /* { not code } */ int b;'), 'int a; int b;');
    assert.deepEqual(comments('int a; /* { not code } */ int b;'), ['/* { not code } */']);
  });

  it('keeps the newlines of a comment over several lines', () => {
    assert.equal(mask('a /*\n * x\n */ b').code, 'a   \n    \n    b');
  });

  it('ends a line comment with its line, and continues it after a backslash', () => {
    assert.equal(code('a; // gone {\nb;'), 'a; b;');
    assert.equal(code('a; // gone \\\n gone too {\nb;'), 'a; b;');
    assert.equal(code('a; // gone \\\r\n gone too {\r\nb;'), 'a; b;');
  });

  it('takes a comment that nobody closes to the end of the text', () => {
    assert.equal(code('a; /* open\n{ b;'), 'a;');
  });

  it('does not open a comment inside a string, nor a string inside a comment', () => {
    assert.deepEqual(comments('f("/* no */", \'/\', "//"); /* "yes */ g();'), ['/* "yes */']);
    assert.equal(code('/* it\'s "fine */ g();'), 'g();');
  });

  it('does not take /*/ for a whole comment', () => {
    assert.equal(code('/*/ x */ y;'), 'y;');
  });
});

describe('masking strings and characters', () => {
  it('blanks what is inside the quotes and keeps the quotes', () => {
    assert.equal(mask('f("a{b", x);').code, 'f("   ", x);');
    assert.equal(mask("c = '{';").code, "c = ' ';");
  });

  it('knows escaped quotes and escaped backslashes', () => {
    assert.equal(code('f("a \\" { b"); g();'), 'f(" "); g();');
    assert.equal(code('f("\\\\"); g("{");'), 'f(" "); g(" ");');
    assert.equal(code("c = '\\''; d = '\\\\'; e = '\"'; g();"), "c = ' '; d = ' '; e = ' '; g();");
  });

  it('leaves the empty string as it is', () => {
    assert.equal(mask('f("", a);').code, 'f("", a);');
  });

  it('goes on with a string after a backslash at the end of its line', () => {
    assert.equal(code('f("one \\\n two {"); g();'), 'f(" "); g();');
    assert.equal(code('f("one \\\r\n two {"); g();'), 'f(" "); g();');
  });

  it('ends a string with its line where the quote is missing, so that one slip does not hide the file', () => {
    assert.match(code('f("open {\ng(); }'), /g\(\); \}$/);
    assert.doesNotMatch(code('f("open {\ng();'), /\{/);
  });
});

describe('masking directives', () => {
  it('blanks them, continued lines included', () => {
    assert.equal(code('#define LOOP(x) \\\n\tdo { x; \\\n\t} while (0)\nint a;'), 'int a;');
    assert.equal(code('#define LOOP(x) \\\r\n\tdo { x; } while (0)\r\nint a;\r\n'), 'int a;');
  });

  it('reads macros with and without parameters, with their whole body', () => {
    const { macros } = mask(
      '#define A 1\n#define B(x, y) \\\n\tf(x, y)\n#  define C\n#define D (1)\n#define E() g()\n',
    );
    assert.deepEqual(
      macros.map(({ name, parameters, body }) => [name, parameters, body]),
      [
        ['A', null, '1'],
        ['B', ['x', 'y'], 'f(x, y)'],
        ['C', null, ''],
        ['D', null, '(1)'],
        ['E', [''], 'g()'],
      ],
    );
  });

  it('reads includes with their kind', () => {
    const { includes } = mask('#include <linux/dma-buf.h>\n# include "my.h" /* own */\n#include MACRO\n');
    assert.deepEqual(
      includes.map(({ path, quoted }) => [path, quoted]),
      [
        ['linux/dma-buf.h', false],
        ['my.h', true],
      ],
    );
  });

  it('writes conditions in one way, however they are spaced, continued and commented', () => {
    const { conditionals } = mask(
      '#  if   defined(A) && \\\n\tdefined(B) /* both */\n#elif 1 // that\n #else\n\t#endif /* A */\n#ifdef X\n#ifndef Y\n',
    );
    assert.deepEqual(
      conditionals.map(({ kind, text }) => [kind, text]),
      [
        ['if', '#if defined(A) && defined(B)'],
        ['elif', '#elif 1'],
        ['else', '#else'],
        ['endif', '#endif'],
        ['if', '#ifdef X'],
        ['if', '#ifndef Y'],
      ],
    );
  });

  it('reads the same from a file with CRLF line ends', () => {
    const text = '#include "a.h"\n#define A(x) \\\n\tx\n#ifdef B /* b */\nint a;\n#endif\n';
    const [unix, dos] = [mask(text), mask(text.replaceAll('\n', '\r\n'))];
    assert.deepEqual(
      dos.conditionals.map((line) => line.text),
      unix.conditionals.map((line) => line.text),
    );
    assert.deepEqual(
      dos.macros.map(({ name, body }) => [name, body.trim()]),
      unix.macros.map(({ name, body }) => [name, body.trim()]),
    );
    assert.deepEqual(
      dos.includes.map((include) => include.path),
      unix.includes.map((include) => include.path),
    );
  });

  it('follows a comment that opens on the line of a directive and goes on below it', () => {
    const text = '#define A 1 /* one\n * { two\n */\nint a;\n';
    assert.equal(code(text), 'int a;');
    assert.deepEqual(comments(text), ['/* one\n * { two\n */']);
    assert.equal(mask(text).macros[0]?.body, '1');
  });

  it('lists line comments of directives as well', () => {
    assert.deepEqual(comments('#endif // dma_buf_move_notify\n'), ['// dma_buf_move_notify']);
  });

  it('opens no comment in a string of a directive, nor in a line comment', () => {
    assert.equal(code('#define FIRMWARE "vendor/*.bin"\nint a; /* x */ int b;'), 'int a; int b;');
    assert.equal(code('#endif // see vendor/*\nint a; /* x */ int b;'), 'int a; int b;');
    assert.equal(mask('#define PAGE "https://example.org/a"\n').macros[0]?.body, '"https://example.org/a"');
  });

  it('does not take a # in the middle of a line for a directive', () => {
    assert.equal(mask('a # b\n').conditionals.length, 0);
    assert.equal(mask('x = 1; #if 0\n').conditionals.length, 0);
  });

  it('is not confused by names that every object has', () => {
    assert.equal(mask('#constructor\n#toString x\n').conditionals.length, 0);
  });
});
