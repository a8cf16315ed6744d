import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { functionsWithRole } from '../api/api.js';
import { countSteps } from '../counts/count-steps.js';
import { changesMember, setterOf } from './changes.js';
import {
  entrySetterOf,
  isConversion,
  isInsertion,
  isLookup,
  isNamedForConversion,
  loadsEntry,
  mayFindInstead,
  mayRefuse,
  registersAction,
  takesNoReference,
} from './conversions.js';
import { changesCount, countsAtomically, isDrop, isGetFor, isRearmFor } from './counts.js';
import { isInitialiser } from './initialisers.js';
import {
  duplicatedArgument,
  fillsMemory,
  freeFunctions,
  isAllocator,
  isMemoryCopy,
  isNamedForAllocation,
  isZeroing,
} from './memory.js';
import { isParting, isRelease, releasesHoldings } from './releases.js';

/** What each question says yes and no to. */
const questions: readonly {
  readonly what: string;
  readonly ask: (name: string) => boolean;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}[] = [
  {
    what: 'allocates',
    ask: isAllocator,
    yes: [
      'kmalloc',
      'kzalloc',
      'kvzalloc',
      'kcalloc',
      'devm_kzalloc',
      'kmemdup',
      'vmalloc',
      'vzalloc_node',
      'kzalloc_obj',
    ],
    no: ['kfree', 'dma_buf_export', 'my_kzalloc', 'alloc_pages', 'idr_alloc'],
  },
  {
    what: 'is named for an allocation',
    ask: isNamedForAllocation,
    yes: ['kzalloc', 'foo_bo_create', 'vendor_heap_alloc', 'ctx_new', 'kmem_cache_zalloc'],
    no: ['foo_find', 'news_get', 'recreate', 'idr_find'],
  },
  { what: 'allocates zeroes', ask: isZeroing, yes: ['kzalloc', 'kvcalloc', 'vzalloc'], no: ['kmalloc', 'kmemdup'] },
  {
    what: 'fills memory',
    ask: fillsMemory,
    yes: ['copy_from_user', '__copy_from_user', 'memcpy'],
    no: ['copy_to_user'],
  },
  { what: 'copies within the memory', ask: isMemoryCopy, yes: ['memcpy', 'memmove'], no: ['memcpy_toio', 'memset'] },
  {
    what: 'returns a copy of its first argument',
    ask: (name) => duplicatedArgument(name) === 0,
    yes: ['kmemdup', 'kvmemdup', 'kmemdup_array'],
    no: ['memdup_user', 'devm_kmemdup', 'kstrdup'],
  },
  {
    what: 'counts and returns the count',
    ask: countsAtomically,
    yes: [
      'atomic_inc_return',
      'atomic_dec_and_test',
      'atomic_fetch_add',
      'atomic64_inc_return',
      'refcount_dec_and_test',
    ],
    no: ['atomic_inc', 'atomic_read', 'refcount_inc', 'kref_put'],
  },
  {
    what: 'makes an object usable',
    ask: isInitialiser,
    yes: [
      'mutex_init',
      'ww_mutex_init',
      'INIT_LIST_HEAD',
      'init_completion',
      '__init_rwsem',
      'spin_lock_init',
      'kref_init',
      'xa_init_flags',
      'hrtimer_setup',
    ],
    no: ['mutex_lock', 'foo_init', 'kref_get', 'init', 'drm_gem_object_init'],
  },
  {
    what: 'turns one view of an object into another',
    ask: isConversion,
    yes: ['container_of', 'to_xe_bo', 'gem_to_virtio_gpu_obj', 'dev_get_drvdata', 'vb2_priv', 'list_entry'],
    no: [
      'get_xe_bo',
      'kzalloc',
      'into',
      'dev_set_drvdata',
      'copy_to_user',
      'ttm_bo_move_to_lru_tail',
      'add_mem_to_list',
      'gem_handle_to_fd',
    ],
  },
  {
    what: 'is such a view that takes no reference',
    ask: takesNoReference,
    yes: ['container_of', 'platform_get_drvdata', 'snd_pcm_substream_chip', 'netdev_priv'],
    no: ['handle_to_dmabuf', 'to_xe_bo', 'sess_get_drvdata', 'kref_get'],
  },
  {
    what: 'has a name for such a view',
    ask: isNamedForConversion,
    yes: ['to_xe_bo', 'container_of_const', 'umem_from_attach', 'get_priv', 'platform_get_drvdata'],
    no: ['total', 'store', 'xe_bo_get'],
  },
  {
    what: 'takes a member out of a collection',
    ask: isLookup,
    yes: [
      'list_first_entry',
      'hlist_entry_safe',
      'xa_load',
      'idr_find',
      'rb_first',
      'llist_next',
      'radix_tree_lookup',
      'rhashtable_lookup_fast',
      'mtree_load',
    ],
    no: ['list_add', 'xa_erase', 'find_vma', 'radix_tree_insert', 'rhashtable_insert_fast'],
  },
  {
    what: 'reads an entry of a collection and leaves it there',
    ask: loadsEntry,
    yes: ['xa_load'],
    no: ['xa_erase', 'xa_store', 'idr_find'],
  },
  {
    what: 'puts an object into a collection',
    ask: isInsertion,
    yes: ['list_add_tail', 'hlist_add_head', 'hash_add', 'xa_insert', 'idr_alloc', 'rb_link_node', 'radix_tree_insert'],
    no: ['list_del', 'xa_load', 'idr_find', 'my_list_add'],
  },
  {
    what: 'may refuse the object that it is given',
    ask: mayRefuse,
    yes: ['xa_alloc', 'idr_alloc', 'rhashtable_insert_fast', 'devm_add_action', 'drmm_add_action'],
    no: ['xa_store', 'list_add', 'devm_add_action_or_reset', 'rhashtable_lookup_get_insert_fast'],
  },
  {
    what: 'registers a function that is run with the object',
    ask: registersAction,
    yes: ['devm_add_action', 'devm_add_action_or_reset', 'drmm_add_action_or_reset'],
    no: ['devm_kzalloc', 'devm_add_data'],
  },
  {
    what: 'may find another object in place of the one that it is given',
    ask: mayFindInstead,
    yes: ['rhashtable_lookup_get_insert_fast', 'rhashtable_lookup_get_insert_key'],
    no: ['rhashtable_lookup_fast', 'xa_insert'],
  },
  {
    what: 'changes a count in a way that is not followed, unless its step is known',
    ask: (name: string) => changesCount(name) && !countSteps.has(name),
    yes: ['atomic_add_unless', 'atomic_inc_unless_negative', 'atomic_long_cmpxchg', 'kref_put_mutex'],
    no: ['refcount_read', 'kref_read', 'atomic64_read', 'atomic_set', 'refcount_inc_not_zero', 'dma_buf_put'],
  },
  {
    what: 'may be done once only',
    ask: isDrop,
    yes: [
      'kref_put',
      'kref_put_mutex',
      'refcount_dec_and_test',
      ...functionsWithRole('put'),
      'percpu_ref_kill',
      'complete',
    ],
    no: ['kref_get', 'complete_all', 'refcount_inc', 'dma_buf_get', 'dma_fence_put'],
  },
  {
    what: 'changes a member',
    ask: changesMember,
    yes: [
      'WRITE_ONCE',
      'smp_store_release',
      'xchg',
      'cmpxchg',
      'atomic_inc',
      'atomic64_set',
      'set_bit',
      '__clear_bit',
      'test_and_set_bit',
      'kref_put',
    ],
    no: ['READ_ONCE', 'atomic_read', 'test_bit', 'kref_get'],
  },
  {
    what: 'is named for the end of a life',
    ask: isRelease,
    yes: ['foo_release', 'put_device', 'kfree_free', 'bo_destroy', 'del_timer', 'umem_cleanup_pages'],
    no: ['compute', 'released_by', 'remove_id', 'drop_slot'],
  },
  {
    what: 'is named for what takes its holdings with it',
    ask: releasesHoldings,
    yes: ['foo_release', 'bo_unref', 'node_remove', 'client_unregister', 'ref_drop', 'vb2_detach'],
    no: ['foo_kill', 'del_timer', 'attach'],
  },
  {
    what: 'makes an object unfindable',
    ask: isParting,
    yes: [
      'list_del',
      'list_del_init',
      'hlist_del_rcu',
      'xa_erase',
      'idr_remove',
      'rb_erase',
      'kfree',
      'kvfree',
      'kfree_rcu',
    ],
    no: ['list_add', 'xa_store', 'vfree_atomic', 'my_kfree'],
  },
];

for (const { what, ask, yes, no } of questions)
  describe(`a function that ${what}`, () => {
    for (const name of yes) it(`is ${name}()`, () => assert.equal(ask(name), true));
    for (const name of no) it(`is not ${name}()`, () => assert.equal(ask(name), false));
  });

describe('a function that frees', () => {
  it('is listed by its whole name', () => {
    assert.equal(freeFunctions.has('kfree'), true);
    assert.equal(freeFunctions.has('kvfree'), true);
    assert.equal(freeFunctions.has('kfree_skb'), false);
  });
});

describe('what allows a drop once more', () => {
  it('is a further reference, or the object made anew', () => {
    assert.equal(isGetFor('kref_put', 'kref_get'), true);
    assert.equal(isGetFor('kref_put', 'refcount_inc'), false);
    assert.equal(isRearmFor('kref_put', 'kref_init'), true);
    assert.equal(isGetFor('dma_buf_put', 'get_dma_buf'), true);
    assert.equal(isGetFor('dma_buf_put', 'get_file_active'), true);
    assert.equal(isGetFor('dma_buf_put', 'dma_buf_get'), true);
    assert.equal(isRearmFor('dma_buf_put', 'dma_buf_export'), true);
    assert.equal(isRearmFor('complete', 'reinit_completion'), true);
    assert.equal(isRearmFor('percpu_ref_kill', 'percpu_ref_reinit'), true);
  });
});

describe('a call that sets a member', () => {
  it('has the address and the value in its own order', () => {
    assert.deepEqual(setterOf('WRITE_ONCE'), { target: 0, value: 1 });
    assert.deepEqual(setterOf('set_bit'), { target: 1, value: null });
    assert.equal(setterOf('clear_bit'), undefined);
  });

  it('may set an entry of a collection', () => {
    assert.deepEqual(entrySetterOf('xa_store'), { target: 0, index: 1, value: 2 });
    assert.equal(entrySetterOf('xa_insert'), undefined);
  });
});
