import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLeftovers } from './leftovers.js';

describe('what a dead process left', () => {
  it('is removed though a program that it had started still writes there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
    const { pid: dead } = spawnSync('true');
    const written = join(folder, `left-${dead}`, 'objects');
    mkdirSync(written, { recursive: true });
    // It ends when the folder is gone, as git does, or at last by itself.
    const writes = `const { writeFileSync } = require('node:fs');
      for (let name = 0, end = Date.now() + 100; Date.now() < end; name++) writeFileSync(process.argv[1] + '/' + name, '');`;
    const writer = spawn(process.execPath, ['-e', writes, written], { stdio: 'ignore' });
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    while (readdirSync(written).length < 10) await sleep(2);
    removeLeftovers({ folder, name: /^left-(\d+)$/ });
    assert.deepEqual(readdirSync(folder), []);
    await ended;
    assert.equal(existsSync(written), false);
    rmSync(folder, { recursive: true });
  });

  it('is removed while its parent has not taken note of its end', { skip: process.platform !== 'linux' }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
    // The shell becomes a program that waits for no child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [text] = (await once(parent.stdout, 'data')) as [Buffer];
      const child = Number(text);
      // Before exec, the shell would still collect it.
      while (!readFileSync(`/proc/${parent.pid}/cmdline`, 'latin1').startsWith('sleep')) await sleep(2);
      mkdirSync(join(folder, `left-${child}`));
      removeLeftovers({ folder, name: /^left-(\d+)$/ });
      assert.deepEqual(readdirSync(folder), [`left-${child}`], 'it runs');
      process.kill(child, 'SIGKILL');
      while (!/\) Z/.test(readFileSync(`/proc/${child}/stat`, 'latin1'))) await sleep(2);
      removeLeftovers({ folder, name: /^left-(\d+)$/ });
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      parent.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });
});
