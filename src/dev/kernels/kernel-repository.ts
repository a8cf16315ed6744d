import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../examples/user-git.js';
import { adopt, checkRoom, kernelsFolder, kernelTree, withWorkFolder } from './kernel-cache.js';
import { run } from './kernel-run.js';

/** Who made the commits, and when: fixed, so that their ids are the same on every machine. */
export const author = 'Zoë Driver <zoe@example.org>';
export const firstDate = 1_735_689_600;

/** Keeps git from reading the configuration of the user and the machine. */
export const ownGit: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Zoë Driver',
  GIT_AUTHOR_EMAIL: 'zoe@example.org',
  GIT_AUTHOR_DATE: `${firstDate} +0000`,
  GIT_COMMITTER_NAME: 'Zoë Driver',
  GIT_COMMITTER_EMAIL: 'zoe@example.org',
  GIT_COMMITTER_DATE: `${firstDate} +0000`,
};

// A new hard link changes the inode's ctime: git must not take that for an edit.
const settings: readonly (readonly [string, string])[] = [
  ['core.trustctime', 'false'],
  ['core.logAllRefUpdates', 'false'],
  ['core.looseCompression', '1'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
];

/**
 * The git repository of a kernel tree: its branch `main` holds the tree as one commit and is checked out.
 * Made once, beside the tree in the cache. Its files are hard links to the tree's: replace them, never write into them.
 *
 * @param version a version (`6.12`) whose tree is in the cache
 * @returns the top of the work tree; it belongs to everybody, so work on a copy
 * @throws Error with one line if the tree is not in the cache or git fails
 */
export async function kernelRepository(version: string): Promise<string> {
  const tree = kernelTree(version);
  const folder = kernelsFolder();
  const target = `${tree}-git`;
  if (existsSync(join(target, '.git'))) return target;
  return withWorkFolder(folder, async (work) => {
    await checkRoom(folder);
    const repository = join(work, 'repository');
    await run('cp', ['--archive', '--link', tree, repository]);
    await commitTree(repository, `Linux ${version}, as Debian has it`);
    return adopt(repository, target);
  });
}

/**
 * Makes a copy of a repository that may be changed: own references, index, configuration and work tree. The files
 * of its work tree and its packs, 360 MB, are hard links.
 *
 * @param repository from kernelRepository
 * @param folder where the copy is put, on the same file system
 * @returns the top of its work tree
 */
export async function copyRepository(repository: string, folder: string): Promise<string> {
  const copy = join(folder, 'repository');
  await run('cp', ['--archive', '--link', repository, copy]);
  // Git replaces most of its files, and appends to a few: those must not be shared.
  await rm(join(copy, '.git'), { recursive: true });
  await mkdir(join(copy, '.git'));
  const own = readdirSync(join(repository, '.git')).filter((name) => name !== 'objects');
  await run('cp', ['--archive', ...own.map((name) => join(repository, '.git', name)), join(copy, '.git')]);
  await mkdir(join(copy, '.git', 'objects'));
  await linkPacks(repository, copy);
  return copy;
}

/**
 * Makes a tree of a part of a kernel, for questions that the rest of the kernel has nothing to do with: an analysis takes
 * less than half the time.
 *
 * @param version a version (`6.12`) or series (`7.x`) whose tree is in the cache
 * @param paths files and folders of the tree
 * @param target the folder of the new tree, on the same file system; its files are hard links: replace them
 */
export async function copyPart(version: string, paths: readonly string[], target: string): Promise<void> {
  await mkdir(target);
  await run('cp', ['--archive', '--link', '--parents', ...paths, target], { cwd: kernelTree(version) });
}

/**
 * Makes a repository of such a part. Its branch `main` holds the part as one commit and is checked out. It has the pack of
 * the whole kernel, so that git finds each file written already: that takes a second, not a quarter of a minute.
 */
export async function partialRepository(version: string, paths: readonly string[], folder: string): Promise<string> {
  const whole = await kernelRepository(version);
  const part = join(folder, 'repository');
  await copyPart(version, paths, part);
  await initRepository(part);
  await linkPacks(whole, part);
  await commitAll(part, `A part of Linux ${version}, as Debian has it`);
  return part;
}

/**
 * Files above the threshold go into a pack at once, and all do here. 90,000 loose objects are slow to read, and to remove they
 * take minutes on a disk that discards what is freed.
 */
const intoOnePack: readonly string[] = ['-c', 'core.bigFileThreshold=1', '-c', 'core.compression=1'];

async function commitTree(repository: string, message: string): Promise<void> {
  await initRepository(repository);
  await commitAll(repository, message, intoOnePack);
  // The trees and the commit are loose still, and only packs are linked into copies.
  await git(['repack', '-d', '-q', '--window=0'], { cwd: repository, env: ownGit });
}

async function initRepository(repository: string): Promise<void> {
  const options = { cwd: repository, env: ownGit };
  await git(['init', '--quiet', '--initial-branch=main', '--template='], options);
  for (const [name, value] of settings) await git(['config', name, value], options);
}

async function commitAll(repository: string, message: string, how: readonly string[] = []): Promise<void> {
  const options = { cwd: repository, env: ownGit };
  await git([...how, 'add', '--all', '--force'], options);
  await git(['commit', '--quiet', '--no-verify', `--message=${message}`], options);
}

const packs = join('.git', 'objects', 'pack');

/** Gives a repository the packs of another one, as hard links: git never writes into a pack. */
async function linkPacks(from: string, to: string): Promise<void> {
  await rm(join(to, packs), { recursive: true, force: true });
  await run('cp', ['--archive', '--link', join(from, packs), join(to, packs)]);
}
