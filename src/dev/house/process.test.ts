import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where a process begins: there, and nowhere else, it is decided what the rest is told of it. */
const entries = [
  'src/cli.ts',
  'src/index.ts',
  'src/commands/supervise/supervised-process.ts',
  'src/commands/supervise/watchdog-worker.ts',
  'src/commands/lsp/engine-process.ts',
];

/** What files on the bottom may know of the process: a number that tells its files from those of others. */
const numbers = ['pid'];
/** The one place that cleans up when the process ends. */
const cleanUp: Readonly<Record<string, readonly string[]>> = {
  'src/base/scratch.ts': ['pid', 'on', 'off', 'kill', 'listenerCount'],
  'src/base/leftovers.ts': ['kill'],
};

/** The code of a file, without comments, texts and types that are called after the process. */
function codeOf(path: string): string {
  return readFileSync(join(top, path), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replaceAll('NodeJS.Process', '');
}

function sources(): readonly string[] {
  return ['src', 'rules'].flatMap((folder) =>
    readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('test.ts') && !path.startsWith('src/dev/')),
  );
}

describe('the process', () => {
  it('is known to the files that a process begins with, and to no other', () => {
    const found = sources().flatMap((path) => {
      if (entries.includes(path)) return [];
      const allowed = cleanUp[path] ?? numbers;
      const used = [...codeOf(path).matchAll(/(?<![.\w])process(?:\.(\w+)|\b(?!:))/g)].map(([, name = '']) => name);
      return used.filter((name) => !allowed.includes(name)).map((name) => `${path}: process.${name}`);
    });
    assert.deepEqual(found, []);
  });

  it('would be seen', () => {
    for (const path of entries) assert.match(codeOf(path), /(?<![.\w])process\b/);
  });
});
