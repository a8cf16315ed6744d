import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeKernel, missingTools } from './kernel-build.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from './kernel-cache.js';
import { scanOfKernel } from './kernel-scan.js';

const program = fileURLToPath(new URL('../../cli.js', import.meta.url));
const target = 'drivers/accel/qaic/';

const missing = missingTools();

describe('make C=2 on linux 7.x', missing ? { skip: missing } : {}, () => {
  const tree = kernelTree('7.x');
  let work: string;
  let build: string;

  before(async () => {
    work = await makeWorkFolder(kernelsFolder());
    build = join(work, 'build');
    mkdirSync(build);
  });
  after(() => removeWorkFolder(work));

  const make = (...args: readonly string[]) =>
    makeKernel({ tree, build }, args, { XDG_CACHE_HOME: join(work, 'cache') });

  it('shows what scan finds in one folder as warnings, and builds it', async () => {
    make('allmodconfig');
    const { stderr } = make('C=2', `CHECK=${process.execPath} ${program} kbuild`, target);
    const { findings } = (await scanOfKernel('7.x')).result;
    const expected = findings.filter(({ file, severity }) => file.startsWith(target) && severity !== 'note');
    assert.ok(expected.length > 0, `scan finds nothing in ${target}: name another folder`);
    for (const { file, line, column, message, rule } of expected)
      assert.ok(
        stderr.includes(`${join(tree, file)}:${line}:${column}: warning: ${message} [${rule}]\n`),
        stderr.slice(-4000),
      );
    const shown = stderr.split('\n').filter((line) => /: warning: .*\[[a-z-]+\]$/.test(line) && !/\[-W/.test(line));
    assert.equal(shown.length, expected.length, shown.join('\n'));
  });
});
