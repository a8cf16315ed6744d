import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../kernels/kernel-run.js';

/**
 * Builds a revision of the tool beside this one; a revision that was built before is taken as it is.
 * @param top the checkout
 * @param revision any name that git knows
 * @returns the path of its cli.js
 * @throws Error with one line: no such revision, or it does not build
 */
export async function buildRevision(top: string, revision: string): Promise<string> {
  const commit = (await run('git', ['rev-parse', '--verify', `${revision}^{commit}`], { cwd: top })).trim();
  const builds = join(top, 'node_modules', '.cache', 'compare');
  const folder = join(builds, commit);
  const cli = join(folder, 'dist', 'src', 'cli.js');
  if (existsSync(cli)) return cli;
  // Below node_modules the compiler does not find 'dmabuf-lint', the package's own name.
  const work = join(top, 'dist', `.compare-${process.pid}`);
  await mkdir(builds, { recursive: true });
  await mkdir(work, { recursive: true });
  try {
    const archive = join(work, 'archive.tar');
    await run('git', ['archive', '--output', archive, commit], { cwd: top });
    await run('tar', ['-xf', archive, '-C', work]);
    await rm(archive);
    // Both use the same packages: what differs is the tool.
    await symlink(join(top, 'node_modules'), join(work, 'node_modules'));
    await run(join(top, 'node_modules', '.bin', 'tsc'), ['-p', work]);
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return cli;
}
