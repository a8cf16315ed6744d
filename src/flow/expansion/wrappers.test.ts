import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wrappedFunction } from './wrappers.js';

const wrapped = (parameters: readonly string[] | null, body: string) =>
  wrappedFunction({ at: 0, name: 'ex_map', parameters, body });

describe('a macro that wraps a function', () => {
  it('is another name for it', () => {
    assert.equal(wrapped(null, 'dma_buf_map_attachment'), 'dma_buf_map_attachment');
  });

  it('passes its parameters on as they are', () => {
    assert.equal(wrapped(['a', 'dir'], 'dma_buf_map_attachment(a, dir)'), 'dma_buf_map_attachment');
    assert.equal(wrapped(['a', 'dir'], 'dma_buf_map_attachment((a), (dir))'), 'dma_buf_map_attachment');
  });

  it('is none where it does more, or passes something else', () => {
    assert.equal(wrapped(['a'], 'dma_buf_map_attachment(a, DMA_TO_DEVICE)'), undefined);
    assert.equal(wrapped(['a', 'dir'], 'dma_buf_map_attachment(dir, a)'), undefined);
    assert.equal(wrapped(['a'], 'do { lock(a); dma_buf_pin(a); } while (0)'), undefined);
    assert.equal(wrapped(null, '1 << 3'), undefined);
  });
});
