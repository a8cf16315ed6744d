import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { run } from '../examples/run-command.js';
import { sample } from '../run/cases.js';
import { writeHostileTree } from './hostile-tree.js';

let top: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'hostile-'));
  writeHostileTree(join(top, 'tree'));
});
after(() => rmSync(top, { recursive: true, force: true }));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const commands: readonly (readonly string[])[] = [
  ['scan', 'tree'],
  ['scan', 'tree', '--format', 'text'],
  ['scan', 'tree', '--format', 'json'],
  ['scan', 'tree', '--format', 'mail'],
  ['scan', 'tree', '--format', 'junit'],
  ['scan', 'tree', '--since', 'HEAD'],
  ['scan', 'tree', '--fix-patch', 'fixes'],
  ['baseline', 'tree', '--output', 'known.jsonl'],
  ['docs', 'tree', '--out', 'pages'],
  ['docs', 'tree', '--check'],
  ['matrix', 'tree'],
  ['matrix', 'tree', '--format', 'html'],
  ['matrix', 'tree', '--format', 'rst'],
  ['series', 'tree/drivers/pieces.c', '--tree', 'tree'],
  ['kbuild', 'tree/drivers/pieces.c'],
  ['rules'],
];

/** What is always tried: each command, and each output that is not made of lines. In CI, some of the others are. */
const usual = new Set([
  'scan tree',
  'scan tree --format text',
  'scan tree --fix-patch fixes',
  'docs tree --out pages',
  'matrix tree --format html',
  'series tree/drivers/pieces.c --tree tree',
  'kbuild tree/drivers/pieces.c',
]);

describe('a tree in which everything is hostile', () => {
  for (const args of commands)
    it(`is survived by ${args.join(' ')}`, sample(usual.has(args.join(' '))), async () => {
      const { code, stdout, stderr } = await run(args, {
        cwd: top,
        env: { GIT_CEILING_DIRECTORIES: top, GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' },
      });
      assert.ok([0, 1, 2, 3].includes(code), String(code));
      for (const text of [stdout, stderr]) {
        assert.doesNotMatch(text, obeyed);
        assert.doesNotMatch(text, /^ {4}at |internal error|root:x:0/m);
      }
    });

  it('has nothing written beside what was asked for', () => {
    const made = readdirSync(top).filter((name) => !['fixes', 'known.jsonl', 'pages'].includes(name));
    assert.deepEqual(made, ['tree']);
  });
});
