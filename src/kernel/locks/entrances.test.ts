import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOfAttribute } from './entrances.js';

describe('a function of an attribute', () => {
  it('gets its name from a macro whose argument is only the name of the attribute', () => {
    assert.equal(isOfAttribute('reset_store', 'static DEVICE_ATTR_WO(reset);'), true);
    assert.equal(isOfAttribute('state_show', 'static struct kobj_attribute state = __ATTR_RO(state);'), true);
    assert.equal(isOfAttribute('rom_read', 'static BIN_ATTR_RO(rom, 4096);'), true);
    assert.equal(isOfAttribute('stats_show', 'DEFINE_SHOW_ATTRIBUTE(stats);'), true);
  });

  it('may get its name from two arguments of the macro', () => {
    assert.equal(isOfAttribute('foo_fd_store', 'CONFIGFS_ATTR(foo_, fd);'), true);
  });

  it('has the suffix that the macro gives, and does not belong to another attribute', () => {
    assert.equal(isOfAttribute('reset_store', 'static DEVICE_ATTR_WO(other);'), false);
    assert.equal(isOfAttribute('reset', 'static DEVICE_ATTR_WO(reset);'), false);
    assert.equal(isOfAttribute('reset_store', 'reset(reset);'), false);
  });
});
