import assert from 'node:assert/strict';
import { it } from 'node:test';
import { movesMap } from './map-moves.js';

it('the address of a map is moved by its increment, under both names, and not by a read', () => {
  assert.deepEqual(['iosys_map_incr', 'dma_buf_map_incr', 'iosys_map_rd'].map(movesMap), [true, true, false]);
});
