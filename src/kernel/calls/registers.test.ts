import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registerArgument } from './registers.js';

describe('functions on registers', () => {
  it('get the address first to read, and second to write', () => {
    for (const read of ['readl', 'readq_relaxed', 'ioread32', 'ioread16be', 'readl_poll_timeout'])
      assert.equal(registerArgument(read), 0, read);
    for (const write of ['writel', 'writew_relaxed', 'iowrite64']) assert.equal(registerArgument(write), 1, write);
  });

  it('are no other functions with such words', () => {
    for (const other of ['read', 'write', 'ioread32_rep', 'regmap_write', 'iounmap', 'readlink'])
      assert.equal(registerArgument(other), undefined, other);
  });
});
