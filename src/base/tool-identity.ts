import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What decides the outcome beside the tool's own code. */
const parsers = ['tree-sitter/package.json', 'tree-sitter-c/package.json'];

/**
 * Tells this build of the tool from any other: what another one found is not believed. Its files are not read, that
 * would take longer than what it is for; no two builds have files of the same size written in the same instant.
 */
export function toolIdentity(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    const { size, mtimeMs, ctimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\0${ctimeMs}\n`);
  };
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.js') && !entry.name.endsWith('.test.js')) add(path);
    }
  };
  visit(join(import.meta.dirname, '..', '..'));
  const { resolve } = createRequire(import.meta.url);
  for (const parser of parsers) add(resolve(parser));
  return hash.digest('hex');
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}
