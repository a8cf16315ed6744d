import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadPackage, openApt } from '../kernels/kernel-apt.js';
import { kernelsFolder, withWorkFolder } from '../kernels/kernel-cache.js';
import { run } from '../kernels/kernel-run.js';

/** A b4 that knows `prep --check`: what to run, and the environment that it needs. */
export interface B4 {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

// Debian 12 has 0.12, which cannot check; the b4 of Debian 13 runs with the Python of both.
const debianRelease = 'trixie';
// `b4 review` came later.
const reviewing = ['sid', ['b4', 'python3-liblore', 'python3-ezgb', 'python3-patatt']] as const;
const checksSince = [0, 14] as const;
export const python = '/usr/bin/python3';

/**
 * The machine's own b4 if it is new enough, else Debian's, fetched once into the cache.
 *
 * @returns the command, or why there is none
 */
export async function findB4(): Promise<B4 | { readonly missing: string }> {
  const own = { program: 'b4', args: [], env: {} };
  if (await canCheck(own)) return own;
  try {
    const modules = join(await fetchedB4(), 'usr', 'lib', 'python3', 'dist-packages');
    const start = 'import sys; from b4.command import cmd; sys.argv[0] = "b4"; sys.exit(cmd())';
    const fetched = { program: python, args: ['-c', start], env: { PYTHONPATH: modules } };
    if (await canCheck(fetched)) return fetched;
    return { missing: 'b4 does not run: its libraries are missing, which `apt-get install b4` brings' };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

async function canCheck({ program, args, env }: B4): Promise<boolean> {
  const [, path] = Object.entries(env)[0] ?? [];
  const started = path === undefined ? [program, ...args] : ['env', `PYTHONPATH=${path}`, program, ...args];
  try {
    const version = await run(started[0] ?? '', [...started.slice(1), '--version']);
    const [major = 0, minor = 0] = version.trim().split('.').map(Number);
    return major > checksSince[0] || minor >= checksSince[1];
  } catch {
    return false;
  }
}

/**
 * The modules of a b4 that knows `b4 review`, with the libraries that no older Debian has, fetched once into the cache.
 *
 * @returns what to set PYTHONPATH to, or why there are none
 */
export async function findB4Review(): Promise<{ readonly modules: string } | { readonly missing: string }> {
  try {
    const modules = join(await fetchedB4(...reviewing), 'usr', 'lib', 'python3', 'dist-packages');
    await run('env', [`PYTHONPATH=${modules}`, python, '-c', 'import b4.review.checks']);
    return { modules };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** @param names packages of that release; the first is b4 */
async function fetchedB4(release = debianRelease, names: readonly string[] = ['b4']): Promise<string> {
  const folder = kernelsFolder();
  const target = join(dirname(folder), `b4-${release}`);
  if (existsSync(target)) return target;
  const signal = AbortSignal.timeout(300_000);
  return withWorkFolder(folder, async (work) => {
    const apt = await openApt(join(work, 'apt'), signal);
    for (const name of names) {
      const package_ = join(work, name);
      await mkdir(package_);
      await run(
        'dpkg-deb',
        ['-x', await downloadPackage(apt, `${name}/${release}`, package_, signal), join(work, 'out')],
        {
          signal,
        },
      );
    }
    await rename(join(work, 'out'), target);
    return target;
  });
}
