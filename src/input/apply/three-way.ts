import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilePatch } from '../diff/diff.js';
import { askGit, type GitOptions, git } from '../git/git.js';

/**
 * Applies the part of a patch for one file three-way, as `git am -3` does: to the file that the patch was made for, which
 * its `index` line names, and then merges what comes out with the file of the tree.
 * @param options the private repository: its index is changed where the merge is clean
 * @returns `clean`, or `same` where the tree has the change already; null where git lacks the file, or both conflict
 */
export async function mergeThreeWay(file: FilePatch, options: GitOptions): Promise<'clean' | 'same' | null> {
  const { oldPath } = file;
  const blob = /^index ([0-9a-f]{7,64})\.\./m.exec(file.text.toString('latin1'))?.[1];
  if (oldPath === null || blob === undefined) return null;
  const entry = /^(\d+) ([0-9a-f]+) 0\t/.exec(await stageOf(oldPath, options));
  const base = await askGit(['cat-file', 'blob', blob], options);
  if (!entry || base.code !== 0) return null;
  const [, mode = '', current = ''] = entry;
  const theirs = await patched(file, oldPath, base.stdout, options);
  if (theirs === null) return null;
  const ours = await git(['cat-file', 'blob', current], options);
  const merged = await mergeFiles(ours, base.stdout, theirs, options);
  if (merged === null) return null;
  if (merged.equals(ours)) return 'same';
  await setEntry(mode, merged, oldPath, options);
  return 'clean';
}

async function stageOf(path: string, options: GitOptions): Promise<string> {
  return (await git(['ls-files', '--stage', '-z', '--', path], options)).toString('utf8');
}

/** The file with the patch, made in an index of its own; null where the patch does not apply to it. */
async function patched(file: FilePatch, path: string, before: Buffer, options: GitOptions): Promise<Buffer | null> {
  const index = join(options.cwd ?? '', 'three-way.index');
  const own: GitOptions = { ...options, variables: { ...options.variables, GIT_INDEX_FILE: index } };
  try {
    await setEntry('100644', before, path, own);
    const apply = ['apply', '--cached', '--whitespace=nowarn', '-p1', '-'];
    if ((await askGit(apply, { ...own, input: file.text })).code !== 0) return null;
    const { code, stdout } = await askGit(['cat-file', 'blob', `:${path}`], own);
    return code === 0 ? stdout : null;
  } finally {
    await rm(index, { force: true });
  }
}

async function setEntry(mode: string, bytes: Buffer, path: string, options: GitOptions): Promise<void> {
  const written = await git(['hash-object', '-w', '--stdin', '--no-filters'], { ...options, input: bytes });
  const line = `${mode} ${written.toString('latin1').trim()}\t${path}\0`;
  await git(['update-index', '-z', '--index-info'], { ...options, input: line });
}

/** Merges two texts with what both were made from; null where they conflict. */
async function mergeFiles(ours: Buffer, base: Buffer, theirs: Buffer, options: GitOptions): Promise<Buffer | null> {
  const names = ['ours', 'base', 'theirs'].map((name) => join(options.cwd ?? '', `three-way.${name}`));
  const texts = [ours, base, theirs];
  try {
    await Promise.all(names.map((name, index) => writeFile(name, texts[index] ?? '')));
    const { code, stdout } = await askGit(['merge-file', '-p', '--quiet', ...names], options);
    return code === 0 ? stdout : null;
  } finally {
    await Promise.all(names.map((name) => rm(name, { force: true })));
  }
}
