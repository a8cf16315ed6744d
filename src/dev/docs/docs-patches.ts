import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A patch as `git format-patch` writes it. */
export interface DocsPatch {
  readonly path: string;
  readonly name: string;
  /** The files it changes, from the top of the tree. */
  readonly touched: readonly string[];
  /** Those of them that the tree does not have. */
  readonly added: readonly string[];
}

/**
 * @param folder where the patches lie
 * @returns the `NNNN-*.patch` there in their order, without a cover letter
 */
export function patchesIn(folder: string): readonly DocsPatch[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.patch$/.test(name) && !name.startsWith('0000-'));
  return names.sort().map((name) => {
    const path = resolve(join(folder, name));
    return { path, name, ...filesOf(readFileSync(path, 'utf8')) };
  });
}

/** @returns the files that a patch's text touches, and those that it adds */
export function filesOf(text: string): Pick<DocsPatch, 'touched' | 'added'> {
  const touched = [...text.matchAll(/^diff --git a\/\S+ b\/(\S+)$/gm)].map((match) => match[1] ?? '');
  const added = [...text.matchAll(/^--- \/dev\/null\n\+\+\+ b\/(\S+)$/gm)].map((match) => match[1] ?? '');
  return { touched, added };
}

/** @returns the reST pages that the patches add */
export function addedPages(patches: readonly DocsPatch[]): readonly string[] {
  return patches.flatMap(({ added }) => added).filter((file) => file.endsWith('.rst'));
}
