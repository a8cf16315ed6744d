import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { cli } from '../run/run-cli.js';
import { entries } from './bundle.js';

const bundle = dirname(cli);
const compiled = join(bundle, '../src');
const begins = entries.map((entry) => entry.replace(/ts$/, 'js'));

/** The files of the bundle that are loaded with one of it, and the packages. `import()` waits until it is called. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.startsWith(bundle)) return seen;
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import\b|export\b|\}).*? ?"([^"]+)";$/gm))
    loadedWith(from.startsWith('.') ? join(dirname(file), from) : from, seen);
  return seen;
}

describe('the bundle', () => {
  it('has every file that a process or thread begins with', () => {
    const named = readdirSync(compiled, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.js$/.test(path) && !/\.test\.js$|^dev\b/.test(path))
      .flatMap((path) => [...readFileSync(join(compiled, path), 'utf8').matchAll(/\bprogramFile\('([^']+)'\)/g)])
      .map(([, file = '']) => file);
    assert.deepEqual(['cli.js', 'index.js', ...named].sort(), [...begins].sort());
  });

  it('loads no package before a command is known, nor with what must begin quickly: only what parses does', () => {
    const external = (entry: string): readonly string[] =>
      [...loadedWith(join(bundle, entry))].filter((each) => !each.startsWith(bundle) && !each.startsWith('node:'));
    for (const entry of begins.filter((each) => !/index|engine|flow-worker/.test(each)))
      assert.deepEqual(external(entry), [], entry);
    // The test would see it, and packages are not part of the bundle: each keeps its licence.
    assert.ok(external('commands/lsp/engine-process.js').includes('tree-sitter'));
    assert.ok(loadedWith(cli).size < 10);
  });
});
