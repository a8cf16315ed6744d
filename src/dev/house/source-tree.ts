import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { codeOf } from './code-text.js';

/** A TypeScript file of the house. */
export interface SourceText {
  /** From the top, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments, strings and regular expressions blanked; see codeOf(). */
  readonly code: string;
}

/**
 * @param top the folder with package.json
 * @returns all TypeScript files of `src` and `rules`, in the order of their paths
 */
export function readSources(top: string): readonly SourceText[] {
  return ['src', 'rules'].flatMap((name) => {
    const folder = join(top, name);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const text = readFileSync(path, 'utf8');
        return { path: relative(top, path).split(sep).join('/'), text, code: codeOf(text) };
      })
      .sort((left, right) => (left.path < right.path ? -1 : 1));
  });
}

/** Whether a file holds tests, so that nothing of it is part of the program. */
export function isTest(path: string): boolean {
  return /\.(?:kernel-)?(?:test|group)\.ts$/.test(path);
}

/** The folder above this file that has package.json: the top of the repository. @throws Error if there is none */
export function topFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`package.json is nowhere above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}
