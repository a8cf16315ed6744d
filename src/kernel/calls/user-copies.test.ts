import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { userCopies } from './user-copies.js';

describe('a copy to user space', () => {
  it('has its source second, as in copy_to_user(to, from, n)', () =>
    assert.deepEqual(userCopies.get('copy_to_user'), { direction: 'to-user', index: 1 }));
  it('has its value first in put_user(value, to)', () =>
    assert.deepEqual(userCopies.get('put_user'), { direction: 'to-user', index: 0 }));
  it('may jump to a label where it fails', () =>
    assert.deepEqual(userCopies.get('unsafe_put_user'), { direction: 'to-user', index: 0, label: 2 }));
  it('is told from one that fills memory of the kernel', () =>
    assert.equal(userCopies.get('copy_from_user')?.direction, 'from-user'));
});
