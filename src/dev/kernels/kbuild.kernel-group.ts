import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { oneOfSome } from '../run/cases.js';
import { cli } from '../run/run-cli.js';
import { kernelBuild, missingTools } from './kernel-build.js';
import { scanOfKernel } from './kernel-scan.js';

/** Files of one driver: one in which scan finds something, and one that has nothing to do with dma-bufs. */
const files: readonly string[] = ['qaic_data', 'qaic_control'].map((name) => `drivers/accel/qaic/${name}.c`);

const missing = missingTools();

// To compile a part of a kernel takes a minute; how kbuild calls the command, tests on fixtures show in every commit.
describe('make C=2 on linux 7.x', missing ? { skip: missing } : oneOfSome(false), () => {
  it('shows what scan finds in the files of a driver as warnings, and builds them', async () => {
    const { tree, make } = await kernelBuild('7.x');
    const cache = mkdtempSync(join(tmpdir(), 'kbuild-'));
    const check = `CHECK=${process.execPath} ${cli} kbuild`;
    const objects = files.map((file) => file.replace(/c$/, 'o'));
    const { stderr } = make(['C=2', check, ...objects], { XDG_CACHE_HOME: cache });
    rmSync(cache, { recursive: true });
    const { findings } = (await scanOfKernel('7.x')).result;
    const expected = findings.filter(({ file, severity }) => files.includes(file) && severity !== 'note');
    assert.ok(expected.length > 0, `scan finds nothing in ${files}: name others`);
    for (const { file, line, column, message, rule } of expected)
      assert.ok(
        stderr.includes(`${join(tree, file)}:${line}:${column}: warning: ${message} [${rule}]\n`),
        stderr.slice(-4000),
      );
    const shown = stderr.split('\n').filter((line) => /: warning: .*\[[a-z-]+\]$/.test(line) && !/\[-W/.test(line));
    assert.equal(shown.length, expected.length, shown.join('\n'));
  });
});
