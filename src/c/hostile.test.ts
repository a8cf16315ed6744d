import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onlyInCi } from '../dev/run/cases.js';
import { lowerFunction, lowerInitialiser } from './lower/lower.js';
import { outlineFile } from './outline/outline.js';
import { treeAttributeWords } from './prepare/attributes.js';
import type { FunctionUnit } from './unit.js';

const attributes = treeAttributeWords(() => undefined, []);
const megabyte = 1 << 20;

/** Outlines a text and lowers everything in it, as the analysis does with files of a tree. */
function readAll(text: string): readonly FunctionUnit[] {
  const file = outlineFile('drivers/example/example.c', text, attributes);
  for (const variable of file.unit.variables) lowerInitialiser(file, variable, attributes);
  return file.unit.functions.map((outline) => lowerFunction(file, outline, attributes));
}

/** The same within a bound of time, which only a reader of linear run time keeps. */
function readSoon(text: string): readonly FunctionUnit[] {
  const started = performance.now();
  const units = readAll(text);
  const seconds = (performance.now() - started) / 1000;
  assert.ok(seconds < 20, `took ${seconds.toFixed(1)} s`);
  return units;
}

function line(piece: string, length = megabyte): string {
  return piece.repeat(Math.ceil(length / piece.length));
}

/** The same for a text that the parser reads, too: the parser needs more time for each byte. */
function parsedLine(piece: string): string {
  return line(piece, megabyte / 8);
}

describe('nesting 2000 deep', () => {
  const deep: Readonly<Record<string, readonly [open: string, close: string]>> = {
    blocks: ['{', '}'],
    conditions: ['if (a) {', '}'],
    'else branches': ['if (a) b(); else ', ';'],
    parentheses: ['(', ')'],
    calls: ['f(', ')'],
    conditionals: ['a ? ', ': b'],
    additions: ['1 + ', ''],
    'loop macros': ['for_each_a(b) ', ';'],
    'statement expressions': ['({', ';})'],
  };
  for (const [what, [open, close]] of Object.entries(deep))
    it(`of ${what} is read without a crash, and what was left out is listed`, () => {
      const [unit] = readSoon(`void f(void)\n{\n${open.repeat(2000)}x${close.repeat(2000)};\n}\n`);
      assert.notDeepEqual(unit?.unparsed, []);
    });

  it('of initialisers, structs and conditions is read without a crash', () => {
    readSoon(`struct foo x = ${'{'.repeat(2000)}1${'}'.repeat(2000)};\n`);
    readSoon(`${'struct a { '.repeat(2000)}int x; ${'} a; '.repeat(2000)}`);
    readSoon(`${'#ifdef A\n'.repeat(2000)}int x;\n${'#endif\n'.repeat(2000)}`);
  });
});

describe('nesting as people write it', () => {
  it('leaves nothing out', () => {
    const [unit] = readAll(
      `void f(void)\n{\n${'if (a) {\n'.repeat(30)}g(${'('.repeat(30)}x${')'.repeat(30)});\n${'}\n'.repeat(30)}}\n`,
    );
    assert.deepEqual(unit?.unparsed, []);
    const [chain] = readAll(`void f(void)\n{\n${'if (a) b();\nelse '.repeat(60)}c();\n}\n`);
    assert.deepEqual(chain?.unparsed, []);
  });
});

describe('a very long line', () => {
  const lines: Readonly<Record<string, string>> = {
    'one word': line('a'),
    'many words': line('a '),
    'numbers in a table': `static const u8 x[] = { ${parsedLine('0x12, ')} };`,
    'a string': `char *x = "${line('a')}";`,
    'a comment': `/*${line(' *')}`,
    'a directive': `#define A ${line('a ')}`,
    blanks: `int a${line(' ')};`,
    'statements in a body': `void f(void) { ${parsedLine('g(a, b); ')} }`,
    'arguments of one call': `void f(void) { g(${parsedLine('a, ')} b); }`,
    functions: parsedLine('void f(void){g();}'),
    semicolons: line(';'),
    'equal signs': line('='),
    'opening braces': line('{'),
    'closing braces': line('}'),
    'pairs of braces': line('{}'),
    'structs without a semicolon': line('struct a{}'),
    'opening parentheses': line('('),
    'pairs of parentheses': line('f()'),
    'calls that nobody closes': line('f('),
    'calls that nobody closes in a body': `void f(void) { ${parsedLine('f(')} }`,
    'attributes that nobody closes': line('__aligned('),
    'attributes that nobody closes in a body': `void f(void) { ${parsedLine('__aligned(')} }`,
    'cases without an end': `void f(void) { ${parsedLine('case ')} }`,
    commas: `void f(void) { g(${parsedLine(', ')}); }`,
    quotes: line('"'),
    apostrophes: line("'"),
    backslashes: line('\\'),
    brackets: `int x${line('[1]')};`,
    stars: `int ${line('*')}x;`,
    'null bytes': line('\u0000'),
    'null bytes in a body': `void f(void) { ${parsedLine('\u0000')} }`,
    'comments that open in each other': line('/*/'),
  };
  /** This takes longer than all the others together. */
  const slow = 'calls that nobody closes in a body';
  for (const [what, text] of Object.entries(lines))
    it(`of ${what} is read without a crash and without a hang`, what === slow ? onlyInCi : {}, () => {
      readSoon(text);
    });
});

describe('many short lines', () => {
  it('of conditions, balanced or not, are read without a hang', () => {
    readSoon('#ifdef A\nint a;\n#endif\n'.repeat(5000));
    readSoon('#ifdef A\n{\n#else\n(\n#endif\n'.repeat(5000));
    readSoon('#if 0\n{\n#endif\n'.repeat(5000));
    readSoon('#endif\n'.repeat(5000));
    readSoon(`void f(void)\n{\n${'#ifdef A\n\ta();\n#endif\n'.repeat(5000)}}\n`);
  });
});
