import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../kernels/kernel-run.js';

/** What `scan --format json` says that the tests of `docs` need. */
export interface ScannedImporter {
  readonly ops: string;
  readonly file: string;
  readonly callback: string | null;
}

// Where the documentation is. In a copy these are files of its own, so that nothing is written through a hard link.
const documented = ['Documentation', 'MAINTAINERS', 'drivers/dma-buf', 'include/linux'];

/**
 * Copies a kernel tree so that its documentation may be changed: the rest are hard links, only to be replaced.
 *
 * @param tree a kernel tree
 * @param copy where the copy is made, on the same file system
 * @param touched further files that will be changed
 */
export async function copyTree(tree: string, copy: string, touched: readonly string[]): Promise<void> {
  await run('cp', ['--archive', '--link', tree, copy]);
  for (const name of [...documented, ...touched]) {
    if (!existsSync(join(tree, name))) continue;
    rmSync(join(copy, name), { recursive: true, force: true });
    await cp(join(tree, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** Gives a file in a copy another text. The old file is unlinked first: it may be that of the tree. */
export function replaceFile(copy: string, file: string, text: string): void {
  const path = join(copy, file);
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'wx' });
}

/**
 * Takes the callback out of an importer's operations.
 *
 * @param copy from copyTree
 * @param importer one with a callback
 * @param member how this kernel names the callback
 */
export function removeCallback(copy: string, importer: ScannedImporter, member: string): void {
  const text = readFileSync(join(copy, importer.file), 'utf8');
  const table = text.search(new RegExp(`\\b${importer.ops}\\s*=\\s*\\{`));
  const entry = new RegExp(`^[ \\t]*\\.${member}\\s*=\\s*${importer.callback},?[ \\t]*\\n`, 'm');
  const changed = text.slice(0, table) + text.slice(table).replace(entry, '');
  if (table < 0 || changed === text) throw new Error(`${importer.file}: no .${member} in ${importer.ops}`);
  replaceFile(copy, importer.file, changed);
}

/** A driver of our own, with an importer that no kernel has. */
export function newDriver(member: string): { readonly file: string; readonly ops: string; readonly text: string } {
  const ops = 'docs_example_attach_ops';
  const text = `// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dma-buf.h>

struct docs_example {
	struct device *dev;
	struct sg_table *table;
};

static void docs_example_callback(struct dma_buf_attachment *attach)
{
	struct docs_example *example = attach->importer_priv;

	dma_buf_unmap_attachment(attach, example->table, DMA_BIDIRECTIONAL);
	example->table = NULL;
}

static const struct dma_buf_attach_ops ${ops} = {
	.${member} = docs_example_callback,
};

struct dma_buf_attachment *docs_example_attach(struct docs_example *example, struct dma_buf *dmabuf)
{
	return dma_buf_dynamic_attach(dmabuf, example->dev, &${ops}, example);
}
`;
  return { file: 'drivers/misc/docs-example.c', ops, text };
}

/**
 * @param tree a kernel tree that nothing may write to
 * @param since a file made before the work began
 * @returns the files of the tree that were written since
 */
export function writtenSince(tree: string, since: string): readonly string[] {
  statSync(since);
  const found = execFileSync('find', [tree, '-newer', since, '-not', '-type', 'd'], { encoding: 'utf8' });
  return found.split('\n').filter((line) => line !== '');
}
