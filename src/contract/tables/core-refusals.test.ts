import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { openCodebase } from '../../program/index.js';
import { readDialect } from '../documents/dialect.js';
import { coreRefuses } from './core-refusals.js';

/** What a core with this code says to a table with these members. */
async function refuses(
  code: string,
  side: 'exporter' | 'importer',
  ...members: readonly string[]
): Promise<boolean | null> {
  const tree = openMemory('tree', {
    'include/linux/dma-buf.h': 'struct dma_buf_ops;\nstruct dma_buf_attach_ops;\n',
    'drivers/dma-buf/dma-buf.c': code,
  });
  const codebase = await openCodebase(tree, { attributeWords: [], leftOut: [] });
  return coreRefuses(codebase, side, (member) => members.includes(member));
}

describe('what dma_buf_export() refuses', () => {
  const every = `struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info)
{
	if (WARN_ON(!exp_info->priv || !exp_info->ops || !exp_info->ops->map_dma_buf || !exp_info->ops->release))
		return ERR_PTR(-EINVAL);
	return NULL;
}
`;
  it('is a table without a member that it asks for', async () => {
    assert.equal(await refuses(every, 'exporter', 'map_dma_buf'), true);
    assert.equal(await refuses(every, 'exporter', 'map_dma_buf', 'release'), false);
  });

  it('may have something in its place', async () => {
    const either = `struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info)
{
	const struct dma_buf_ops *ops = exp_info->ops;

	if (WARN_ON(!ops->mapping && (!ops->map_dma_buf || !ops->unmap_dma_buf)))
		return ERR_PTR(-EINVAL);
	if (WARN_ON(!ops->pin != !ops->unpin))
		return ERR_PTR(-EINVAL);
	return NULL;
}
`;
    assert.equal(await refuses(either, 'exporter'), true);
    assert.equal(await refuses(either, 'exporter', 'mapping'), false);
    assert.equal(await refuses(either, 'exporter', 'mapping', 'pin'), true);
  });

  it('is asked within another question', async () => {
    const nested = `struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info)
{
	const struct dma_buf_ops *ops = exp_info->ops;

	if (!ops->mapping) {
		if (WARN_ON(!ops->map_dma_buf || !ops->unmap_dma_buf))
			return ERR_PTR(-EINVAL);
	} else if (ops->map_dma_buf) {
		return ERR_PTR(-EINVAL);
	}
	return NULL;
}
`;
    assert.equal(await refuses(nested, 'exporter'), true);
    assert.equal(await refuses(nested, 'exporter', 'mapping'), false);
    assert.equal(await refuses(nested, 'exporter', 'map_dma_buf', 'unmap_dma_buf'), false);
    assert.equal(await refuses(nested, 'exporter', 'mapping', 'map_dma_buf'), true);
  });
});

describe('what dma_buf_dynamic_attach() refuses', () => {
  const attach = (test: string): string => `struct dma_buf_attachment *
dma_buf_dynamic_attach(struct dma_buf *dmabuf, struct device *dev, const struct dma_buf_attach_ops *importer_ops, void *priv)
{
	${test}
	return NULL;
}
`;
  it('is a table without a callback, where either will do', async () => {
    const code = attach(
      'if (WARN_ON(importer_ops && !importer_ops->move_notify && !importer_ops->revoke_notify))\n\t\treturn ERR_PTR(-EINVAL);',
    );
    assert.equal(await refuses(code, 'importer', 'allow_peer2peer'), true);
    assert.equal(await refuses(code, 'importer', 'revoke_notify'), false);
  });

  it('is not known where it asks for no member, or is not there', async () => {
    assert.equal(await refuses(attach(''), 'importer'), null);
    assert.equal(await refuses('', 'importer'), null);
  });
});

describe('the callback', () => {
  const header = `struct dma_buf_attach_ops {
	bool allow_peer2peer;
	void (*move_notify)(struct dma_buf_attachment *attach);
	void (*revoke_notify)(struct dma_buf_attachment *attach);
};
struct dma_buf_attachment { const struct dma_buf_attach_ops *importer_ops; };
struct dma_buf_ops { int (*pin)(struct dma_buf_attachment *attach); };
`;
  const isRequired = async (test: string): Promise<boolean> => {
    const core = `struct dma_buf_attachment *
dma_buf_dynamic_attach(struct dma_buf *dmabuf, struct device *dev, const struct dma_buf_attach_ops *ops, void *priv)
{
	if (WARN_ON(${test}))
		return ERR_PTR(-EINVAL);
	return NULL;
}
`;
    const tree = openMemory('tree', { 'include/linux/dma-buf.h': header, 'drivers/dma-buf/dma-buf.c': core });
    return readDialect(await openCodebase(tree, { attributeWords: [], leftOut: [] }), []).callbackRequired;
  };

  it('is required where the core refuses a table without any, however it asks', async () => {
    assert.equal(await isRequired('ops && !ops->move_notify'), true);
    assert.equal(await isRequired('ops && !(ops->move_notify || ops->revoke_notify)'), true);
    assert.equal(await isRequired('ops && ops->allow_peer2peer && !dev'), false);
  });
});
