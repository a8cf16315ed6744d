import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changesList, isListLink, loopCursors } from './loops.js';

describe('what a loop macro assigns', () => {
  const cases: readonly (readonly [string, readonly number[] | undefined])[] = [
    ['list_for_each_entry', [0]],
    ['list_for_each_entry_safe', [0, 1]],
    ['list_for_each_entry_safe_reverse', [0, 1]],
    ['list_for_each_entry_continue_reverse', [0]],
    ['list_for_each_safe', [0, 1]],
    ['list_for_each_prev', [0]],
    ['hlist_for_each_entry_safe', [0, 1]],
    ['hlist_bl_for_each_entry', [0, 1]],
    ['hash_for_each', [1, 2]],
    ['hash_for_each_safe', [1, 2, 3]],
    ['hash_for_each_possible', [1]],
    ['hash_for_each_possible_rcu', [1]],
    ['hash_for_each_possible_safe', [1, 2]],
    ['xa_for_each', [1, 2]],
    ['xa_for_each_range', [1, 2]],
    ['xas_for_each', [1]],
    ['idr_for_each_entry', [1, 2]],
    ['idr_for_each_entry_ul', [1, 2, 3]],
    ['radix_tree_for_each_slot', [0]],
    ['rbtree_postorder_for_each_entry_safe', [0, 1]],
    ['llist_for_each_entry_safe', [0, 1]],
    ['for_each_sg', [1, 3]],
    ['for_each_sgtable_dma_sg', [1, 2]],
    ['for_each_set_bit', [0]],
    ['foo_for_each_bo', undefined],
  ];
  for (const [macro, cursors] of cases)
    it(macro, () => {
      assert.deepEqual(loopCursors(macro), cursors);
    });
});

describe('what changes a list', () => {
  it('is told by the name', () => {
    for (const name of ['list_del', 'list_del_init', 'list_add_tail', 'list_splice_init', 'hlist_del_rcu', 'rb_erase'])
      assert.ok(changesList(name), name);
    for (const name of ['list_empty', 'list_first_entry', 'list_entry', 'my_list_del', 'rb_first'])
      assert.ok(!changesList(name), name);
  });

  it('changes where its links lead', () => {
    assert.ok(isListLink('next') && isListLink('prev') && isListLink('first'));
    assert.ok(!isListLink('attach'));
  });
});
