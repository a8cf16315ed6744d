import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../examples/user-git.js';
import { ownGit } from '../kernels/kernel-repository.js';
import type { DocsPatch } from './docs-patches.js';

/** The page that shows the comments which the patches change. */
export const bufferPage = 'Documentation/driver-api/dma-buf.rst';

/** The files whose comments the patches change. */
export const commented = ['include/linux/dma-buf.h', 'drivers/dma-buf/dma-buf.c'];

/** The files by which checkpatch and get_maintainer recognise the top of a kernel tree. */
const topFiles = ['COPYING', 'CREDITS', 'Kbuild', 'MAINTAINERS', 'Makefile', 'README'];
const topFolders = ['Documentation', 'arch', 'include', 'drivers', 'fs', 'init', 'ipc', 'kernel', 'lib', 'scripts'];

/** What the judges run and read. Not every tree has all of it. */
const tools = [
  'LICENSES', // the licences that checkpatch accepts
  'scripts/checkpatch.pl',
  'scripts/spdxcheck.py',
  'scripts/spdxexclude',
  'scripts/spelling.txt',
  'scripts/const_structs.checkpatch',
  'scripts/get_maintainer.pl',
  'scripts/kernel-doc',
  'scripts/kernel-doc.pl',
  'scripts/kernel-doc.py',
  'scripts/lib', // the modules of kernel-doc between 6.16 and 6.18
  'tools/docs',
  'tools/lib/python',
  'Documentation/conf.py',
  'Documentation/sphinx',
  'Documentation/sphinx-static',
  'Documentation/index.rst',
  'Documentation/driver-api/index.rst',
  bufferPage,
];

// The kernel's own page lacks some comments: 6.1 does not see functions that are exported into a namespace.
const allComments = [
  ':orphan:',
  '',
  'All comments',
  '============',
  '',
  ...commented.map((file) => `.. kernel-doc:: ${file}\n`),
].join('\n');

/**
 * Makes a git repository of the few files of a kernel tree that the judges need, as one commit. The tree is only read.
 *
 * @param tree a kernel tree
 * @param patches what will be applied
 * @param folder where the repository is made; it must not exist
 */
export async function makeSubset(tree: string, patches: readonly DocsPatch[], folder: string): Promise<void> {
  for (const name of topFolders) await mkdir(join(folder, name), { recursive: true });
  for (const name of subsetOf(tree, patches))
    await cp(join(tree, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
  await writeFile(join(folder, 'Documentation', 'all-comments.rst'), allComments);
  const options = { cwd: folder, env: ownGit };
  await git(['init', '--quiet', '--initial-branch=main', '--template='], options);
  await git(['add', '--all', '--force'], options);
  await git(['commit', '--quiet', '--no-verify', '--message=Linux'], options);
}

/** The files and folders of a tree that the judges need for some patches, sorted. */
export function subsetOf(tree: string, patches: readonly DocsPatch[]): readonly string[] {
  const touched = patches.flatMap((patch) => patch.touched);
  const wanted = new Set([...topFiles, ...tools, ...commented, ...documentedFiles(tree, bufferPage), ...touched]);
  return [...wanted].filter((name) => existsSync(join(tree, name))).sort();
}

/** The files whose comments a page shows. */
function documentedFiles(tree: string, page: string): readonly string[] {
  const text = existsSync(join(tree, page)) ? readFileSync(join(tree, page), 'utf8') : '';
  return [...text.matchAll(/^\.\. kernel-doc:: *(\S+)/gm)].map((match) => match[1] ?? '');
}
