import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf } from './code-text.js';
import { unusedExports } from './exports.js';
import { functionSpans } from './functions.js';
import { circles, importsOf } from './imports.js';
import { measure } from './measures.js';
import type { SourceText } from './source-tree.js';

function source(path: string, ...lines: readonly string[]): SourceText {
  const text = `${lines.join('\n')}\n`;
  return { path, text, code: codeOf(text) };
}

describe('the code of a text', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'a line comment': ['a(); // {', 'a();     '],
    'a block comment': ['a(/* } */);', 'a(       );'],
    'a string, whatever it holds': ["a('it\\'s {');", "a('       ');"],
    'a quote in the other quotes': [`a("'", b);`, `a(" ", b);`],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is code
    'a template, but not the code in it': ['`{ ${ f({ a }) } }`', '`  ${ f({ a }) }  `'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is code
    'a template inside a template': ['`a${`b${c}`}d`', '` ${` ${c}`} `'],
    'a regular expression': ['a.test(/[/}]\\/{/);', 'a.test(/       /);'],
    'a regular expression behind a word': ['return /{/;', 'return / /;'],
    'nothing of a division': ['a / b / c', 'a / b / c'],
    'nothing of a division behind a bracket': ['(a) / b[0] / c', '(a) / b[0] / c'],
  };
  for (const [name, [text, code]] of Object.entries(cases))
    it(`leaves out ${name}`, () => assert.equal(codeOf(text), code));

  it('has the lines of the text', () => assert.equal(codeOf('/*\n*/\n`\n`\n'), '  \n  \n`\n`\n'));
});

describe('the length of a function', () => {
  const lengths = (...lines: readonly string[]): readonly string[] =>
    functionSpans(source('a.ts', ...lines)).map(({ name, line, lines: length }) => `${name} ${line}+${length}`);

  it('is told of declarations, from the head to the brace', () => {
    assert.deepEqual(lengths('export async function first() {', '  second();', '}', 'function second(): void {', '}'), [
      'first 1+3',
      'second 4+2',
    ]);
  });

  it('includes parameters on lines of their own, a type among them', () => {
    const head = ['function long(', '  a: number,', '  { b }: {', '    readonly b: number;', '  },'];
    assert.deepEqual(lengths(...head, '): Promise<void> {', '  work();', '}', 'work();'), ['long 1+8']);
    const destructured = ['function of({', '  a,', '}: {', '  readonly a: number;', '}): void {', '  work();', '}'];
    assert.deepEqual(lengths(...destructured), ['of 1+7']);
  });

  it('is told of arrow functions, with a body or an expression', () => {
    assert.deepEqual(lengths('const f = (a: number): number => {', '  return a;', '};', 'const b = 1;'), ['f 1+3']);
    assert.deepEqual(lengths('const f = (a: number) =>', '  a', '    .b();', 'const b = (1 + 2) * 3;'), ['f 1+3']);
    assert.deepEqual(lengths('export const f: (a: A) => B = async (', '  a,', ') => {', '  b();', '};'), ['f 1+5']);
    assert.deepEqual(lengths('const f = a => ({', '  a,', '});'), ['f 1+3']);
  });

  it('is told of members and methods of an object', () => {
    const object = [
      'const o = {',
      '  read(path) {',
      '    return path;',
      '  },',
      '  write: async (path) => {',
      '  },',
      '};',
    ];
    assert.deepEqual(lengths(...object), ['read 2+3', 'write 5+2']);
  });

  it('is told of functions inside others, too', () => {
    const nested = ['function outer() {', '  const inner = () => {', '    a();', '  };', '', '  return inner;', '}'];
    assert.deepEqual(lengths(...nested), ['outer 1+7', 'inner 2+3']);
  });

  it('is told of tests, but not of what holds them together', () => {
    assert.deepEqual(lengths("describe('x', () => {", "  it('y', async () => {", '    a();', '  });', '});'), [
      'it 2+3',
    ]);
  });

  it('is not misled by braces in strings, templates and comments', () => {
    assert.deepEqual(lengths('function f() {', '  // }', '  a(`', '}', '`);', '}'), ['f 1+6']);
  });

  it('is not told of statements, calls, signatures and types', () => {
    assert.deepEqual(lengths('if (a) {', '  b();', '}', 'for (const a of b) {', '}', 'work(a, {', '  b,', '});'), []);
    assert.deepEqual(lengths('function f(a: string): void;', 'interface A {', '  f(a: string): void;', '}'), []);
  });
});

describe('imports', () => {
  const kinds = (text: string): readonly string[] =>
    importsOf(source('src/x/a.ts', text)).map(({ to, kind, names }) => `${kind} ${to} ${names?.join() ?? '*'}`);

  it('are of a type, or load, or load later', () => {
    assert.deepEqual(kinds("import type { A, B } from '../c/a.js';"), ['type src/c/a.ts A,B']);
    assert.deepEqual(kinds("import {\n  type A,\n  b as c,\n} from './b.js';"), ['load src/x/b.ts A,b']);
    assert.deepEqual(kinds("import * as all from './b.js';"), ['load src/x/b.ts *']);
    assert.deepEqual(kinds("export { a } from './deep/b.js';"), ['load src/x/deep/b.ts a']);
    assert.deepEqual(kinds("export type { A } from './b.js';"), ['type src/x/b.ts A']);
    assert.deepEqual(kinds("export * from './b.js';"), ['load src/x/b.ts *']);
    assert.deepEqual(kinds("import './b.js';"), ['load src/x/b.ts ']);
    assert.deepEqual(kinds("const b = await import('./b.js');"), ['later src/x/b.ts *']);
    assert.deepEqual(kinds("new Worker(new URL('./b.js', import.meta.url));"), ['later src/x/b.ts *']);
    assert.deepEqual(kinds("import { readFileSync } from 'node:fs';"), []);
  });

  it('are not what a string or a comment says', () => {
    assert.deepEqual(kinds("const a = [\n\"import { a } from './a.js';\",\n];\n// import('./b.js')\n"), []);
    assert.deepEqual(kinds("const a = `\nimport { a } from './a.js';\n`;"), []);
  });

  it('make circles, which types alone make only for the compiler', () => {
    const round = [
      source('src/a.ts', "import { b } from './b.js';"),
      source('src/b.ts', "import { c } from './c.js';"),
      source('src/c.ts', "import { a } from './a.js';", "import type { D } from './d.js';"),
      source('src/d.ts', "import { c } from './c.js';"),
      source('src/e.ts', "import { a } from './a.js';"),
    ].flatMap(importsOf);
    assert.deepEqual(circles(round, ['load']), [['src/a.ts', 'src/b.ts', 'src/c.ts']]);
    assert.deepEqual(circles(round, ['load', 'type']), [['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts']]);
  });
});

describe('needless exports', () => {
  const unused = (...sources: readonly SourceText[]): readonly string[] =>
    unusedExports(sources).nowhere.map(({ path, name }) => `${path} ${name}`);

  it('are those that no other file imports', () => {
    const a = source('src/a.ts', 'export function f() {}', 'export const g = 1;', 'export { x as y };');
    assert.deepEqual(unused(a, source('src/b.ts', "import { g } from './a.js';")), ['src/a.ts f', 'src/a.ts y']);
  });

  it('are not those that a file uses of another that it imports whole', () => {
    const a = source('src/a.ts', 'export function f() {}', 'export function g() {}');
    assert.deepEqual(unused(a, source('src/b.ts', "const { f } = await import('./a.js');")), ['src/a.ts g']);
  });

  it('are those that an index passes on for nobody', () => {
    const a = source('src/a.ts', 'export function f() {}');
    assert.deepEqual(unused(a, source('src/x/index.ts', "export { f } from '../a.js';")), ['src/x/index.ts f']);
  });

  it('are not those that somebody imports from an index with `export *`', () => {
    const a = source('src/a/a.ts', 'export function f() {}', 'export function g() {}');
    const index = source('src/a/index.ts', "export * from './a.js';");
    assert.deepEqual(unused(a, index, source('src/b.ts', "import { f } from './a/index.js';")), ['src/a/a.ts g']);
  });

  it('are not types that an exported declaration speaks of', () => {
    const a = source(
      'src/a.ts',
      'export interface A {}',
      'export interface B {}',
      'export const f = (a: A): void => {};',
    );
    assert.deepEqual(unused(a, source('src/b.ts', "import { f } from './a.js';")), ['src/a.ts B']);
  });

  it('are told apart from those that only tests import', () => {
    const a = source('src/a.ts', 'export function f() {}');
    const test = source('src/a.test.ts', "import { f } from './a.js';");
    assert.deepEqual(unusedExports([a, test]), { nowhere: [], inProgram: [{ path: 'src/a.ts', name: 'f' }] });
  });
});

describe("the use of 'process'", () => {
  const uses = (...lines: readonly string[]): boolean => measure([source('src/a.ts', ...lines)]).usesProcess.length > 0;

  it('is seen, but not in words and names', () => {
    assert.ok(uses('process.exit(1);'));
    assert.ok(uses("const home = process.env['HOME'];"));
    assert.ok(uses("import { env } from 'node:process';"));
    assert.ok(!uses('// process.exit', "const a = 'process.exit';", 'child.process.kill();', 'function process() {}'));
  });
});
