import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mapFunction } from './resources.js';

describe('a function of a map', () => {
  it('asks for an address, or takes it out', () => {
    assert.deepEqual(
      ['iosys_map_is_null', 'dma_buf_map_is_set', 'iosys_map_clear', 'iosys_map_incr', 'foo_map_clear'].map(
        mapFunction,
      ),
      ['ask-null', 'ask-set', 'clear', undefined, undefined],
    );
  });
});
