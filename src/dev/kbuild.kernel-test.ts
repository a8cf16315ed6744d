import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../lint/index.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from './kernel-cache.js';

const program = fileURLToPath(new URL('../cli.js', import.meta.url));
/** What a kernel's build needs beside gcc and make, and Debian's packages of it. */
const tools: readonly string[] = ['make', 'gcc', 'flex', 'bison', 'bc', 'ld'];
const target = 'drivers/accel/qaic/';

/** Why a kernel cannot be built here, or null. CI says that it can. */
function missingTools(): string | null {
  if (process.env['DMABUF_LINT_NEED_BUILD']) return null;
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;
}

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

  function make(args: readonly string[]) {
    const env = { ...process.env, XDG_CACHE_HOME: join(work, 'cache') };
    const jobs = `-j${availableParallelism()}`;
    const made = spawnSync('make', [jobs, `O=${build}`, ...args], {
      cwd: tree,
      encoding: 'utf8',
      env,
      maxBuffer: 1 << 28,
    });
    assert.equal(made.status, 0, made.stderr.slice(-2000));
    return made;
  }

  it('shows what scan finds in one folder as warnings, and builds it', () => {
    make(['allmodconfig']);
    const { stderr } = make(['C=2', `CHECK=${process.execPath} ${program} kbuild`, target]);
    const scanned = spawnSync(process.execPath, [program, 'scan', tree, '--format', 'json'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(scanned.stdout);
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
