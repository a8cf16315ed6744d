import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prototypesIn } from './prototypes.js';

describe('the prototypes of a header', () => {
  const found = prototypesIn(`
/* void commented(int a); */
struct dma_buf_attachment *
dma_buf_dynamic_attach(struct dma_buf *dmabuf, struct device *dev,
		       const struct dma_buf_attach_ops *importer_ops,
		       void *importer_priv);
struct dma_buf *dma_buf_iter_begin(void);
static inline bool __must_check dma_resv_trylock(struct dma_resv *obj)
{
	return ww_mutex_trylock(&obj->lock, NULL);
}
static inline void get_dma_buf(struct dma_buf *dmabuf)
{
	get_file(dmabuf->file);
}
struct sg_table *dma_buf_map_attachment(struct dma_buf_attachment *,
					enum dma_data_direction);
`);

  it('have a result and parameters, over several lines', () => {
    assert.deepEqual(found.get('dma_buf_dynamic_attach'), {
      name: 'dma_buf_dynamic_attach',
      result: 'struct dma_buf_attachment *',
      parameters: [
        'struct dma_buf *dmabuf',
        'struct device *dev',
        'const struct dma_buf_attach_ops *importer_ops',
        'void *importer_priv',
      ],
    });
  });

  it('may have parameters without names, or none', () => {
    assert.deepEqual(found.get('dma_buf_map_attachment')?.parameters, [
      'struct dma_buf_attachment *',
      'enum dma_data_direction',
    ]);
    assert.deepEqual(found.get('dma_buf_iter_begin')?.parameters, []);
  });

  it('are those of inline functions too, and none of a comment or a body', () => {
    assert.equal(found.get('get_dma_buf')?.result, 'void');
    assert.equal(found.get('dma_resv_trylock')?.result, 'bool');
    assert.equal(found.has('commented'), false);
    assert.equal(found.has('get_file'), false);
  });
});
