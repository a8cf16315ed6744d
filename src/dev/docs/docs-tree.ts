/** What is needed of an importer to find its ops table in a text. */
interface Importer {
  readonly ops: string;
  readonly callback: string | null;
}

/**
 * Removes the callback from an importer's ops table.
 * @param text of the file that they are in
 * @param member how this kernel names the callback
 * @throws Error if the table or the member is not there
 */
export function withoutCallback(text: string, { ops, callback }: Importer, member: string): string {
  const table = text.search(new RegExp(`\\b${ops}\\s*=\\s*\\{`));
  const entry = new RegExp(`^[ \\t]*\\.${member}\\s*=\\s*${callback},?[ \\t]*\\n`, 'm');
  const changed = text.slice(0, table) + text.slice(table).replace(entry, '');
  if (table < 0 || changed === text) throw new Error(`no .${member} in ${ops}`);
  return changed;
}

/** A new driver, with an importer that no kernel has. */
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
