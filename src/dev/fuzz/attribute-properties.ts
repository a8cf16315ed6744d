import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openSince } from '../../input/git/work-tree.js';
import { openSeries } from '../../input/series/open-series.js';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { mutatedLittle } from './fuzz-inputs.js';
import { type FuzzProperty, slowProperty } from './fuzz-property.js';

const patterns = ['*', '*.c', 'drivers/**', '/drivers/a.c', 'a.[a-z]', '**/a.c', '[attr]odd', '"*.c"', '# ', '!*.c'];
const attributes = [
  'binary',
  '-diff',
  '!diff',
  'diff=cpp',
  'diff=__proto__',
  '-text',
  'text=auto',
  'eol=crlf',
  'working-tree-encoding=UTF-16',
  'working-tree-encoding=nothing',
  'filter=lfs',
  'ident',
  'merge=binary',
  'export-ignore',
  'linguist-generated',
  'whitespace=-all',
  'odd',
];
const lines = fc.array(
  fc.tuple(fc.constantFrom(...patterns), fc.constantFrom(...attributes)).map((words) => words.join(' ')),
  { minLength: 1, maxLength: 5 },
);
const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: lines.map((some) => `${some.join('\n')}\n`) },
  { weight: 1, arbitrary: mutatedLittle(['*.c binary\n* -diff\n'], [' -diff', '\n*.c ', '\t', '\\']) },
);

/** Where the attributes come from. */
interface Attributes {
  readonly text: string;
  readonly from: 'patch' | 'work tree' | 'repository';
  readonly file: '.gitattributes' | 'drivers/.gitattributes';
}

const input: fc.Arbitrary<Attributes> = fc.record({
  text: texts,
  from: fc.constantFrom('patch', 'patch', 'work tree', 'repository'),
  file: fc.constantFrom('.gitattributes', 'drivers/.gitattributes'),
});

const path = 'drivers/a.c';
const [before, after] = ['int a;\nint b;\n', 'int a;\nint c;\n'];

let top: string | undefined;
let made: ExampleRepository | undefined;

/** One repository for all inputs: its attributes are never committed. */
function repository(): { readonly folder: string; readonly scratch: string } {
  top ??= mkdtempSync(join(tmpdir(), 'fuzz-attributes-'));
  const folder = join(top, 'tree');
  if (!made) {
    process.once('exit', () => rmSync(top ?? '', { recursive: true, force: true }));
    made = makeRepository(folder, 'invalidate-mappings');
    made.write(path, before);
    made.commit('drivers');
    mkdirSync(join(folder, '.git/info'), { recursive: true });
  }
  const scratch = join(top, 'scratch');
  for (const old of [
    scratch,
    ...['.gitattributes', 'drivers/.gitattributes', '.git/info/attributes'].map((name) => join(folder, name)),
  ])
    rmSync(old, { recursive: true, force: true });
  return { folder, scratch };
}

/** A mail whose patch adds the attributes and changes a line of the driver. */
function mailOf({ text, file, from }: Attributes): string {
  const added = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  const attributes = `diff --git a/${file} b/${file}\nnew file mode 100644\n--- /dev/null\n+++ b/${file}\n@@ -0,0 +1,${added.length} @@\n${added.map((line) => `+${line}\n`).join('')}`;
  const change = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n int a;\n-int b;\n+int c;\n`;
  const mail =
    'From 1 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH] x\nMessage-Id: <1@example.org>\n\nx\n---\n';
  return `${mail}${from === 'patch' ? attributes : ''}${change}-- \n2.39\n\n`;
}

/** No attributes, wherever they come from, hide the line that a patch or an edit changes. */
async function checkAttributes(attributes: Attributes): Promise<void> {
  const { folder, scratch } = repository();
  const { text, from, file } = attributes;
  if (from === 'work tree') writeFileSync(join(folder, file), text);
  else if (from === 'repository') writeFileSync(join(folder, '.git/info/attributes'), text);
  if (from === 'patch') {
    const request = { folder, cwd: folder, env: process.env, base: 'HEAD', mergeWith: null, isOneCommit: false };
    const stdin = { name: 'fuzz', bytes: Buffer.from(mailOf(attributes)) };
    const { patches } = await openSeries({ ...request, names: ['-'], readStdin: async () => stdin }, scratch);
    const changed = await patches.at(-1)?.changedLines();
    assert.deepEqual([...(changed?.get(path) ?? [])], [2]);
    return;
  }
  writeFileSync(join(folder, path), after);
  const since = { folder, name: folder, revision: 'HEAD', option: '--since', env: process.env } as const;
  const { changedLines } = await openSince(since, scratch);
  assert.ok(changedLines.get(path)?.has(2), `changed: ${[...(changedLines.get(path) ?? [])]}`);
}

export const attributeProperties: readonly FuzzProperty[] = [
  slowProperty('attributes of any shape hide no changed line', 3, input, checkAttributes),
];
