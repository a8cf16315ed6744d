import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kernelsFolder, withWorkFolder } from '../kernels/kernel-cache.js';
import { run } from '../kernels/kernel-run.js';

/**
 * Fetches an npm package into the cache, once, for its files only. It is not installed: its dependencies are not fetched,
 * and none of its scripts run.
 *
 * @param name with its version, as in `name@1.2.3`
 * @returns the folder with its files
 */
export async function npmPackage(name: string): Promise<string> {
  const folder = kernelsFolder();
  const target = join(dirname(folder), 'judges', name.replaceAll('/', '+'));
  if (existsSync(target)) return target;
  const signal = AbortSignal.timeout(300_000);
  return withWorkFolder(folder, async (work) => {
    const packed = await run('npm', ['pack', '--silent', '--pack-destination', work, name], { signal });
    await run('tar', ['-xzf', join(work, packed.trim().split('\n').at(-1) ?? ''), '-C', work], { signal });
    await mkdir(dirname(target), { recursive: true });
    await rename(join(work, 'package'), target);
    return target;
  });
}
