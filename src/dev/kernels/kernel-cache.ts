import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { run } from './kernel-run.js';
import { checkVersion, chooseVersion, versionsIn } from './kernel-versions.js';

const WORK_PREFIX = '.work-';
const BYTES_NEEDED = 2.5 * 1024 ** 3;
const STALE_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * @param env where XDG_CACHE_HOME is looked up
 * @returns the folder that holds one unpacked kernel tree a version; it need not exist
 */
export function kernelsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification says that a relative path counts as unset.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'dmabuf-lint', 'kernels');
}

/**
 * @param folder from kernelsFolder
 * @returns the versions unpacked there, oldest first
 */
export function cachedVersions(folder: string): readonly string[] {
  return existsSync(folder) ? versionsIn(readdirSync(folder).join('\n'), '') : [];
}

/**
 * @param wanted a version (`6.12`) or a series (`7.x`)
 * @param folder from kernelsFolder
 * @returns the path of the newest matching tree in the cache, or undefined
 */
export function cachedTree(wanted: string, folder: string): string | undefined {
  const version = chooseVersion(wanted, cachedVersions(folder));
  return version === undefined ? undefined : join(folder, version);
}

/**
 * The kernel tree that a test reads. It never fetches one.
 *
 * @param version a version (`6.12`) or a series (`7.x`: the newest in the cache)
 * @returns the absolute path of the unpacked tree
 * @throws UserError that says which command fetches it, or that the version is none
 */
export function kernelTree(version: string): string {
  checkVersion(version);
  const tree = cachedTree(version, kernelsFolder());
  if (tree === undefined)
    throw new UserError(`kernel ${version} is not in the cache: run \`npm run kernel -- ${version}\``);
  return tree;
}

/**
 * Calls `work` with a new folder inside the cache, and removes the folder afterwards.
 *
 * @param folder from kernelsFolder; made if it is missing
 * @param work what to do; its result is returned
 * @throws what `work` throws, or Error if the cache cannot be written
 */
export async function withWorkFolder<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = await makeWorkFolder(folder);
  try {
    return await work(path);
  } finally {
    await removeWorkFolder(path);
  }
}

/**
 * @param folder from kernelsFolder; made if it is missing
 * @returns a new folder inside the cache, for what cannot be done in one call of withWorkFolder
 */
export async function makeWorkFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await removeStaleWork(folder);
  return mkdtemp(join(folder, WORK_PREFIX));
}

/** @param path from makeWorkFolder */
export async function removeWorkFolder(path: string): Promise<void> {
  // A program that was just interrupted may still write a file or two.
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * @param folder where a kernel is about to be unpacked
 * @throws Error with one line if the disk has too little room
 */
export async function checkRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= BYTES_NEEDED) return;
  throw new Error(
    `disk full: ${folder} has ${gigabytes(bavail * bsize)} GB left, a kernel takes ${gigabytes(BYTES_NEEDED)} GB`,
  );
}

/**
 * Unpacks a linux-source package and moves the tree into the cache in one step, so that a half tree is never seen there.
 *
 * @param deb path of the package
 * @param version its kernel version, the name of the tree in the cache
 * @param work a folder from withWorkFolder
 * @param folder from kernelsFolder
 * @param signal stops it early
 * @returns the path of the tree; if another run was faster, that run's tree
 * @throws Error with one line if a program is missing or fails, or the package holds no source
 */
export async function unpack(
  deb: string,
  version: string,
  work: string,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const contents = join(work, 'contents');
  const tree = join(work, 'tree');
  await run('xz', ['--version'], { signal });
  await run('dpkg-deb', ['-x', deb, contents], { signal });
  await rm(deb);
  const sources = join(contents, 'usr', 'src');
  const archive = (await readdir(sources)).find((name) => /^linux-source-.*\.tar\.\w+$/.test(name));
  if (archive === undefined) throw new Error(`${deb} holds no kernel source`);
  await mkdir(tree);
  const args = ['--extract', '--no-same-owner', '--strip-components=1', `--directory=${tree}`, '--file'];
  await run('tar', [...args, join(sources, archive)], { signal });
  if (!existsSync(join(tree, 'MAINTAINERS'))) throw new Error(`${archive} does not look like a kernel tree`);
  return adopt(tree, join(folder, version));
}

/**
 * @param tree a complete tree, on the same file system as the target
 * @param target its final path
 * @returns the final path; an existing tree there is kept, since another run may already be reading it
 * @throws Error if it cannot be moved
 */
export async function adopt(tree: string, target: string): Promise<string> {
  try {
    await rename(tree, target);
  } catch (error) {
    if (!existsSync(join(target, 'MAINTAINERS'))) throw error;
  }
  return target;
}

async function removeStaleWork(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(WORK_PREFIX));
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_MILLISECONDS) await rm(path, { recursive: true, force: true });
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
