import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyFixture, fixturesFolder } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';
import { some } from '../../dev/run/cases.js';

/** Longer than what was changed counts as changed just now. */
const settles = 3200;

let top: string;
let tree: string;
let cache: string;
const idle = (): string => join(tree, 'kernel/idle.c');
before(() => {
  top = mkdtempSync(join(tmpdir(), 'cache-'));
  tree = join(top, 'linux');
  cache = join(top, 'cache');
  copyFixture('invalidate-mappings', tree, ['drivers/misc/nopin', 'drivers/gpu/ext']);
  mkdirSync(join(tree, 'kernel'));
  writeFileSync(idle(), 'int idle;\n');
});
after(() => rmSync(top, { recursive: true }));

const odd = (): string => join(tree, 'drivers/odd.c');
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');

/** Runs a command on the tree; `isKnown` says that nothing was parsed for what it tells. */
async function run(command: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runCommand([command, tree, ...args, '--profile'], {
    env: { XDG_CACHE_HOME: cache },
  });
  assert.match(stderr, /^in all /m, stderr);
  return { code, stdout, isKnown: !/^parse /m.test(stderr) };
}

const json = async (...args: readonly string[]) => {
  const { code, stdout, isKnown } = await run('scan', '--format', 'json', ...args);
  const { stats, ...result } = JSON.parse(stdout);
  return { code, isKnown, result: { ...result, stats: { ...stats, milliseconds: 0 } } };
};

describe('what a scan keeps for the next', () => {
  it('is told again as long as no file changes, in every form, and by `baseline`', async () => {
    await sleep(settles);
    const fresh = await json();
    assert.equal(fresh.isKnown, false);
    const known = await json();
    assert.deepEqual(known, { ...fresh, isKnown: true });
    for (const format of some(['text', 'sarif', 'gcc', 'junit', 'gitlab', 'mail'], 2)) {
      const [again, anew] = [
        await run('scan', '--format', format),
        await run('scan', '--format', format, '--no-cache'),
      ];
      assert.deepEqual([again.isKnown, anew.isKnown], [true, false]);
      const timeless = (text: string): string => text.replace(/\d+\.\d s\)/, 's)');
      assert.equal(timeless(again.stdout), timeless(anew.stdout), format);
    }
    const written = join(top, 'baseline');
    assert.equal((await run('baseline', '--output', written)).isKnown, true);
    assert.ok(readFileSync(written, 'utf8').length > 0);
  });

  it('is not believed once a file has changed, and again when it is as it was', async () => {
    const before = await json();
    writeFileSync(odd(), stub);
    const soon = await json();
    assert.deepEqual([soon.isKnown, soon.code], [false, 1]);
    assert.equal(soon.result.findings.length, before.result.findings.length + 1);
    await sleep(settles);
    assert.deepEqual([(await json()).isKnown, (await json()).isKnown], [true, true]);
    rmSync(odd());
    assert.deepEqual(await json(), before);
  });

  it('is told again where what changed says nothing to the analysis, as a scan anew says it', async () => {
    writeFileSync(idle(), 'short idle;\n');
    const before = await json();
    writeFileSync(idle(), 'long idle;\n');
    const known = await json();
    assert.deepEqual(await json('--no-cache'), { ...known, isKnown: false });
    assert.deepEqual(known, { ...before, isKnown: true });
    writeFileSync(idle(), stub);
    const found = await json();
    assert.deepEqual(await json('--no-cache'), found);
    assert.equal(found.result.findings.length, known.result.findings.length + 1);
    writeFileSync(idle(), 'int idle;\n');
    assert.deepEqual(await json(), { ...before, isKnown: false });
    await sleep(settles);
    await json();
  });

  it('is of one configuration', async () => {
    const config = join(top, 'config.json');
    writeFileSync(config, '{ "rules": { "pin-leak": "off" } }');
    assert.equal((await json('--config', config)).isKnown, false);
    assert.equal((await json('--config', config)).isKnown, true);
  });

  it('is found anew where it is damaged, and dropped', async () => {
    const before = await json();
    assert.equal(before.isKnown, true);
    for (const kept of ['trees', 'units', 'answers', 'searches']) {
      const folder = join(cache, 'dmabuf-lint', kept);
      assert.notDeepEqual(readdirSync(folder), []);
      for (const name of readdirSync(folder)) truncateSync(join(folder, name), 100);
    }
    assert.deepEqual(await json(), { ...before, isKnown: false });
    assert.equal((await json()).isKnown, true);
  });

  it('is nothing where there can be no cache', async () => {
    const before = await json();
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'a file');
    assert.deepEqual(
      [await json(), await json()],
      [
        { ...before, isKnown: false },
        { ...before, isKnown: false },
      ],
    );
    rmSync(cache);
    await json('--no-cache');
    assert.equal(existsSync(cache), false);
  });
});
