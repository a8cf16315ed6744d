import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { thinImports } from './thin-imports.js';

/** Where a process or a thread begins, and the library, below `src`. */
export const entries: readonly string[] = [
  'cli.ts',
  'index.ts',
  'commands/supervise/supervised-process.ts',
  'commands/supervise/watchdog-worker.ts',
  'commands/lsp/engine-process.ts',
  'contract/threads/flow-worker.ts',
  'input/tree/walk-worker.ts',
  'input/search/search-worker.ts',
];

/**
 * Writes the program once more, in few files: loading the six hundred that the compiler writes takes longer than most
 * commands work. Packages stay what they are, with their licences. A file that is already as it should be is not
 * touched, so that the tool stays known as the same.
 * @param top the checkout
 * @param folder what gets the files; others in it are removed
 */
export async function writeBundle(top: string, folder: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: top,
    entryPoints: entries.map((entry) => join('src', entry)),
    outbase: 'src',
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  const texts = thinImports(new Map(outputFiles.map(({ path, text }) => [path, text])));
  for (const [path, text] of texts) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !texts.has(path)) rmSync(path);
  }
}
