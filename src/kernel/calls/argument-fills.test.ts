import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fillsArgumentsOnly } from './argument-fills.js';

it('a poll of a register and a delay write no member of an object; a wait for somebody else may', () => {
  assert.deepEqual(
    ['readl_poll_timeout', 'regmap_read_poll_timeout', 'msleep', 'wait_event', 'foo_poll_timeout'].map(
      fillsArgumentsOnly,
    ),
    [true, true, true, false, false],
  );
});

it('memory for DMA and properties are written where the arguments say; a mapping is kept', () => {
  assert.deepEqual(
    ['dma_alloc_coherent', 'of_property_read_u32', 'kstrtoul', 'dma_map_sgtable', 'of_node_get'].map(
      fillsArgumentsOnly,
    ),
    [true, true, true, false, false],
  );
});
