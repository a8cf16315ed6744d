import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { holdsKernelObjects } from './field-types.js';

describe('a member that is for the kernel alone', () => {
  for (const type of ['struct list_head', 'struct mutex', 'refcount_t', 'atomic64_t'])
    it(`is ${type}`, () => assert.equal(holdsKernelObjects(type), true));

  for (const type of ['__u64', 'int', 'struct drm_args'])
    it(`is not ${type}`, () => assert.equal(holdsKernelObjects(type), false));
});
