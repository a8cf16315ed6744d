import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTest, readSources, topFolder } from './source-tree.js';

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

const sources = readSources(topFolder()).filter(({ path }) => !isTest(path) && !path.startsWith('src/dev/'));

describe('the process', () => {
  it('is known to the files that a process begins with, and to no other', () => {
    const found = sources.flatMap(({ path, code }) => {
      if (entries.includes(path)) return [];
      const allowed = cleanUp[path] ?? numbers;
      const used = [...code.matchAll(/(?<![.\w])process(?:\.(\w+)|\b(?!:))/g)].map(([, name = '']) => name);
      return used.filter((name) => !allowed.includes(name)).map((name) => `${path}: process.${name}`);
    });
    assert.deepEqual(found, []);
  });

  it('would be seen', () => {
    for (const entry of entries) {
      const { code = '' } = sources.find(({ path }) => path === entry) ?? {};
      assert.match(code, /(?<![.\w])process\b/, entry);
    }
  });
});
