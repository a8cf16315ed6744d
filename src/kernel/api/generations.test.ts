import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { laterFunctions, renamedNames, revocableCheckIn } from './generations.js';

describe('names of two generations', () => {
  it('are the notify function and the callback, renamed in Linux 7.1', () => {
    assert.deepEqual(renamedNames, [
      { old: 'dma_buf_move_notify', current: 'dma_buf_invalidate_mappings', kind: 'function', since: '7.1' },
      { old: 'move_notify', current: 'invalidate_mappings', kind: 'member', since: '7.1' },
    ]);
  });

  it('are told from functions that came later and have no older name', () => {
    assert.deepEqual(
      laterFunctions.map(({ name, since }) => `${name} ${since}`),
      [
        'dma_buf_map_attachment_unlocked 6.2',
        'dma_buf_unmap_attachment_unlocked 6.2',
        'dma_buf_vmap_unlocked 6.2',
        'dma_buf_vunmap_unlocked 6.2',
        'dma_buf_attach_revocable 7.1',
      ],
    );
  });
});

describe('the function that exporters ask with', () => {
  for (const name of ['dma_buf_attach_revocable', 'dma_buf_attach_is_revocable'])
    it(`may be ${name}()`, () => {
      assert.equal(revocableCheckIn(`bool ${name}(struct dma_buf_attachment *attach);`), name);
    });

  it('is no other function', () => {
    assert.equal(revocableCheckIn('struct dma_buf_attachment *dma_buf_attach(struct dma_buf *dmabuf);'), null);
  });
});
