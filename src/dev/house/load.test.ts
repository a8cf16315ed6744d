import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

/** Everything that is loaded with a file of the program: `import()` waits until it is called. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"];$/gm))
    loadedWith(join(dirname(file), from), seen);
  return seen;
}

const built = join(import.meta.dirname, '../..');
const readsC = /\/src\/(?:c|flow|program\/program|contract\/contract)\b|\/rules\//;

describe('what is loaded', () => {
  it('for `scan` does not hold what reads C: a tree that is known is told of without', () => {
    const loaded = [...loadedWith(join(built, 'commands/scan/scan.js'))];
    assert.ok(loaded.length > 20);
    assert.deepEqual(
      loaded.filter((file) => readsC.test(file)),
      [],
    );
    // The test would see it.
    assert.ok([...loadedWith(join(built, 'commands/scan/analyse-tree.js'))].some((file) => readsC.test(file)));
  });

  it('before a command is known does not hold any command', () => {
    const seen = new Set<string>(); // a file that both need is loaded once
    for (const file of ['cli.js', 'commands/cli/main.js']) loadedWith(join(built, file), seen);
    const loaded = [...seen];
    assert.ok(loaded.length < 22, loaded.join('\n'));
  });
});
