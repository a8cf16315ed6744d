import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeFolder } from './package-files.js';

/** The parsers: beside the tool's own code, they decide the results. */
const parsers = ['tree-sitter/package.json', 'tree-sitter-c/package.json'];

/**
 * Identifies this build of the tool: results that another build kept are not used. It looks at size and time of the
 * files, since reading them would take longer than it saves; no two builds write files of the same size at the same time.
 */
export function toolIdentity(): string {
  identity ??= computeIdentity();
  return identity;
}

/** What runs in a process is what it loaded, whatever is built meanwhile. */
let identity: string | undefined;

function computeIdentity(): string {
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
  visit(fileURLToPath(codeFolder()));
  const { resolve } = createRequire(import.meta.url);
  for (const parser of parsers) add(resolve(parser));
  return hash.digest('hex');
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}
