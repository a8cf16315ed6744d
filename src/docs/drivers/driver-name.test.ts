import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { driverOf } from './driver-name.js';

const tree = openMemory('test', {
  'drivers/gpu/one/Makefile': 'one-gpu-y := one_drv.o \\\n\tone_prime.o # all\nobj-$(CONFIG_ONE) += one-gpu.o\n',
  'drivers/gpu/two/Makefile': 'gem-y += gem/two_dmabuf.o\ntwo-y += core.o $(gem-y)\nobj-$(CONFIG_TWO)\t+= two.o\n',
  'drivers/accel/three/Makefile': 'include $(src)/common/Makefile\nthree-y += $(COMMON_FILES)\nobj-m += three.o\n',
  'drivers/accel/three/common/Makefile': 'COMMON_FILES := common/memory.o\n',
  'drivers/misc/Makefile': 'obj-$(CONFIG_FOUR) += four.o\n',
});

describe('a driver', () => {
  it('is called as its module', () => {
    assert.equal(driverOf(tree, 'drivers/gpu/one/one_prime.c'), 'one-gpu');
    assert.equal(driverOf(tree, 'drivers/gpu/two/gem/two_dmabuf.c'), 'two');
    assert.equal(driverOf(tree, 'drivers/accel/three/common/memory.c'), 'three');
    assert.equal(driverOf(tree, 'drivers/misc/four.c'), 'four');
  });

  it('is called as its file where no Makefile names it, by one word', () => {
    assert.equal(driverOf(tree, 'drivers/misc/five.c'), 'five');
    assert.equal(driverOf(tree, 'top.c'), 'top');
    assert.equal(driverOf(tree, 'drivers/misc/-a `b`.c'), '_a__b_');
  });
});
