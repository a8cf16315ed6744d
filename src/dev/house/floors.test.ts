import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { describe, test } from 'node:test';
import { codeOf } from './code-text.js';
import { importsOf as importsIn } from './imports.js';
import { readSources, topFolder } from './source-tree.js';

// From bottom to top. Floors on one line stand side by side and must not import each other.
const FLOORS: readonly (readonly string[])[] = [
  ['base'],
  ['input'],
  ['c'],
  ['program'],
  ['kernel'],
  ['flow'],
  ['contract'],
  ['lint'],
  ['rules'],
  ['report', 'docs'],
  ['commands'],
  ['cli', 'library'],
  ['dev'],
];

/** The floor of a file by its path from the top, with slashes; undefined if it stands outside the house. */
function floorOf(path: string): string | undefined {
  if (path.startsWith('rules/')) return 'rules';
  if (path === 'src/index.ts') return 'library';
  if (path === 'src/cli.ts' || /^src\/cli(?:-\w+)?\.test\.ts$/.test(path)) return 'cli';
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  return folder !== undefined && level(folder) >= 0 && !['rules', 'cli', 'library'].includes(folder)
    ? folder
    : undefined;
}

function level(floor: string): number {
  return FLOORS.findIndex((names) => names.includes(floor));
}

/** What is wrong with `from` importing `to`, or undefined. `ruleFolders` are those that hold one rule each. */
function complaint(from: string, to: string, ruleFolders: ReadonlySet<string>): string | undefined {
  const [lower, upper] = [floorOf(to), floorOf(from)];
  if (upper === undefined) return `${from} belongs to no floor`;
  if (lower === undefined) return `${from} imports ${to}, which belongs to no floor`;
  // Tests may use what dev offers to them, such as the path of a kernel tree.
  if (lower === 'dev' && /\.(?:kernel-)?test\.ts$/.test(from)) return undefined;
  if (lower === upper) {
    const [source, target] = [posix.dirname(from), posix.dirname(to)];
    const sideways = source !== target && ruleFolders.has(source) && ruleFolders.has(target);
    return sideways ? `${from} imports ${to}: one rule must not import another` : undefined;
  }
  if (level(lower) < level(upper)) return undefined;
  const where = level(lower) === level(upper) ? 'a floor beside its own' : 'a floor above its own';
  return `${from} imports ${to}: ${lower} is ${where} (${upper})`;
}

/** The files of the house that a source text imports, by their paths from the top. */
function importsOf(path: string, text: string): readonly string[] {
  return importsIn({ path, text, code: codeOf(text) }).map(({ to }) => to);
}

describe('the floors', () => {
  const sources = readSources(topFolder());

  test('this test sees itself', () => {
    assert.ok(sources.some(({ path }) => path === 'src/dev/house/floors.test.ts'));
  });

  test('every file imports only from floors below its own', () => {
    const paths = sources.map(({ path }) => path);
    const rules = new Set(paths.filter((path) => /^rules\/[^/]+\/rule\.ts$/.test(path)).map(posix.dirname));
    const homeless = paths.filter((path) => floorOf(path) === undefined).map((path) => `${path} belongs to no floor`);
    const imports = sources.flatMap(importsIn);
    assert.deepEqual([...homeless, ...imports.flatMap(({ from, to }) => complaint(from, to, rules) ?? [])], []);
  });
});

describe('how floors are told', () => {
  const rules = new Set(['rules/a', 'rules/b']);

  test('down and within is allowed', () => {
    const allowed = [
      ['src/contract/model.ts', 'src/c/unit.ts'],
      ['src/c/a.ts', 'src/c/deep/b.ts'],
      ['rules/a/rule.ts', 'src/lint/rule.ts'],
      ['rules/index.ts', 'rules/a/rule.ts'],
      ['rules/a/rule.ts', 'rules/shared/pins.ts'],
      ['src/cli.ts', 'src/commands/scan/scan.ts'],
      ['src/index.ts', 'src/commands/library/library.ts'],
      ['src/dev/demo.ts', 'src/index.ts'],
      ['src/dev/demo.ts', 'src/cli.ts'],
      ['src/c/parse.kernel-test.ts', 'src/dev/kernels/kernel.ts'],
    ] as const;
    for (const [from, to] of allowed) assert.equal(complaint(from, to, rules), undefined);
  });

  test('up, sideways and outside is not', () => {
    const refused = [
      ['src/c/unit.ts', 'src/contract/model.ts'],
      ['src/lint/engine.ts', 'rules/index.ts'],
      ['src/report/formats/json.ts', 'src/docs/page.ts'],
      ['src/commands/scan/scan.ts', 'src/cli.ts'],
      ['src/commands/scan/scan.ts', 'src/index.ts'],
      ['src/cli.ts', 'src/index.ts'],
      ['src/commands/scan/scan.ts', 'src/dev/kernels/kernel.ts'],
      ['src/c/parse.test.ts', 'src/commands/scan/scan.ts'],
      ['rules/a/rule.ts', 'rules/b/rule.ts'],
      ['src/c/unit.ts', 'src/util/text.ts'],
      ['src/util.ts', 'src/c/unit.ts'],
    ] as const;
    for (const [from, to] of refused) assert.ok(complaint(from, to, rules), `${from} -> ${to}`);
  });

  test('every way to import is seen', () => {
    const source = [
      "import type { A } from '../c/a.js';",
      "import {\n  type B,\n  b,\n} from './b.js';",
      "export * from './deep/c.js';",
      "import './d.js';",
      "const e = await import('../lint/e.js');",
      "new Worker(new URL('./f.js', import.meta.url));",
      "import { readFileSync } from 'node:fs';",
    ].join('\n');
    assert.deepEqual([...importsOf('src/input/x.ts', source)].sort(), [
      'src/c/a.ts',
      'src/input/b.ts',
      'src/input/d.ts',
      'src/input/deep/c.ts',
      'src/input/f.ts',
      'src/lint/e.ts',
    ]);
  });
});
