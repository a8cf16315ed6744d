import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headersHave } from './conftest.js';

const files: Readonly<Record<string, string>> = {
  'include/linux/dma-buf.h': [
    'struct dma_buf_ops {',
    '\tint (*pin)(struct dma_buf_attachment *attach);',
    '\tbool cache_sgt_mapping;',
    '};',
    'int dma_buf_vmap_unlocked(struct dma_buf *dmabuf, struct iosys_map *map);',
    '',
  ].join('\n'),
  'include/linux/iosys-map.h': 'struct iosys_map {\n\tbool is_iomem;\n};\n',
};
const isDefined = (name: string): boolean => headersHave(name, Object.keys(files), (path) => files[path]);

describe('a name by which a module has learned what the kernel has', () => {
  it('stands for a function', () => {
    assert.ok(isDefined('HAVE_DMA_BUF_VMAP_UNLOCKED'));
    assert.ok(isDefined('EVDI_HAVE_DMA_BUF_VMAP_UNLOCKED'));
    assert.ok(isDefined('NV_DMA_BUF_VMAP_UNLOCKED_PRESENT'));
    assert.ok(isDefined('AMDKCL_HAS_DMA_BUF_VMAP_UNLOCKED'));
  });
  it('stands for a struct, a member or a header', () => {
    assert.ok(isDefined('HAVE_STRUCT_IOSYS_MAP'));
    assert.ok(isDefined('HAVE_STRUCT_DMA_BUF_OPS_PIN'));
    assert.ok(isDefined('HAVE_DMA_BUF_OPS_CACHE_SGT_MAPPING'));
    assert.ok(isDefined('HAVE_LINUX_IOSYS_MAP_H'));
  });
  it('is not decided where the headers lack what it names, or where it has another form', () => {
    assert.ok(!isDefined('HAVE_DMA_BUF_MAP_ATTACHMENT_UNLOCKED'));
    assert.ok(!isDefined('HAVE_DMA_BUF_OPS_ATTACH'));
    assert.ok(!isDefined('HAVE_LINUX_DMA_RESV_H'));
    assert.ok(!isDefined('DMA_BUF_VMAP_UNLOCKED'));
    assert.ok(!isDefined('CONFIG_DMA_BUF'));
  });
});
