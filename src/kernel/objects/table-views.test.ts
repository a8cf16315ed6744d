import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCpuLength, loopsOverEntries, mentionsTableView } from './table-views.js';

describe('what only the CPU may use of a table', () => {
  it('includes the length of each entry', () => {
    assert.equal(isCpuLength('length'), true);
    assert.equal(isCpuLength('dma_length'), false);
  });

  it('is read in loops over the entries, also in those for the device', () => {
    assert.equal(loopsOverEntries('for_each_sgtable_dma_sg'), true);
    assert.equal(loopsOverEntries('for_each_sg'), true);
    assert.equal(loopsOverEntries('for_each_sgtable_dma_page'), false);
    assert.equal(mentionsTableView('for_each_sgtable_dma_sg(sgt, sg, i) sum += sg->length;'), true);
    assert.equal(mentionsTableView('for_each_sgtable_dma_sg(sgt, sg, i) sum += sg_dma_len(sg);'), false);
    assert.equal(mentionsTableView('urb->length = 0;'), false);
  });
});
