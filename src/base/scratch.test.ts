import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withScratch } from './scratch.js';

describe('a scratch folder', () => {
  it('is there for the work, and gone after it', async () => {
    const folder = await withScratch(process.env, async (path) => {
      writeFileSync(join(path, 'x'), '');
      return path;
    });
    assert.equal(existsSync(folder), false);
  });

  it('is gone when the work fails', async () => {
    let folder = '';
    const work = withScratch(process.env, async (path) => {
      folder = path;
      throw new Error('no');
    });
    await assert.rejects(work, /no/);
    assert.equal(existsSync(folder), false);
  });

  for (const end of ['process.exit(1)', ...['INT', 'TERM'].map((name) => `process.kill(process.pid, 'SIG${name}')`)])
    it(`is gone after ${end}, which still ends the process`, async () => {
      const module = JSON.stringify(new URL('./scratch.js', import.meta.url).href);
      const program = `const { withScratch } = await import(${module});
        await withScratch({}, (path) => { console.log(path); ${end}; return new Promise((done) => setTimeout(done, 9000)); });`;
      const [folder, failed] = await new Promise<[string, boolean]>((resolve) => {
        execFile(process.execPath, ['--input-type=module', '-e', program], (error, stdout) =>
          resolve([stdout.trim(), error !== null]),
        );
      });
      assert.notEqual(folder, '');
      assert.equal(failed, true);
      assert.equal(existsSync(folder), false);
    });
});
