import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blockingFunctions, deviceGone, devicePresent } from './access.js';
import { fieldCalls, makesBits } from './bit-functions.js';
import { isBorrower } from './borrowers.js';
import { besidesMoves, besidesRefusals, besidesUnmapWaits, makesMapping } from './bystanders.js';
import { isHarmless, isLog } from './harmless.js';
import { isLibraryLeaf } from './library.js';
import { asksWhatLasts } from './questions.js';
import { isNamedForFailure } from './removals.js';

/** What each question says yes and no to. */
const questions: readonly {
  readonly what: string;
  readonly ask: (name: string) => boolean;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}[] = [
  {
    what: 'only looks at what it is given',
    ask: isBorrower,
    yes: [
      ...['dma_buf_vmap', 'dma_buf_vmap_unlocked', 'dma_buf_vunmap', 'dma_buf_vunmap_unlocked'],
      ...['dma_buf_begin_cpu_access', 'dma_buf_end_cpu_access', 'dma_buf_attach_revocable'],
      ...['dma_resv_lock', 'dma_fence_put', 'sg_next', 'for_each_sgtable_sg', 'iosys_map_clear', 'dma_buf_map_is_null'],
      ...['mutex_lock', 'spin_unlock', 'up_read', 'lockdep_assert_held', 'kref_get', 'memcpy', 'strscpy', 'dev_err'],
      ...['pr_warn', 'drm_dbg_kms', 'WARN_ON', 'trace_foo', 'dma_set_mask', 'put_device', 'module_put', 'PAGE_ALIGN'],
      ...['percpu_ref_init', 'xa_init_flags', 'ida_init', 'timer_setup', 'hrtimer_init'],
    ],
    no: [
      ...['dma_buf_put', 'dma_buf_attach', 'dma_buf_pin', 'dma_buf_mmap', 'dma_buf_invalidate_mappings', 'get_dma_buf'],
      ...['dma_buf_export', 'dma_buf_fd', 'kfree', 'foo_store', 'dma_map_sgtable', 'drm_gem_object_put', 'str'],
      ...['percpu_ref_kill', 'xa_store', 'mod_timer', 'hrtimer_start', 'idr_alloc'],
      // Who stores an address in a map keeps it.
      ...['iosys_map_set_vaddr', 'dma_buf_map_set_vaddr_iomem'],
    ],
  },
  {
    what: 'answers the same about the same object each time',
    ask: asksWhatLasts,
    yes: [
      ...['drm_gem_is_imported', 'is_cow_mapping', 'dma_buf_attachment_is_dynamic', 'vb2_is_dmabuf', 'ex_has_iommu'],
      ...['BIT', 'GENMASK_ULL', 'strncasecmp', 'min_t', 'PAGE_ALIGNED', '_IOC_SIZE'],
    ],
    no: ['list_is_first', 'dma_resv_is_locked', 'dma_fence_is_signaled', 'this_one', 'ex_is_mapped', 'IS_ERR', 'is_'],
  },
  {
    what: 'makes a word of a range of bits',
    ask: makesBits,
    yes: ['GENMASK', 'GENMASK_ULL'],
    no: ['BIT', 'EX_GENMASK', 'FIELD_PREP'],
  },
  {
    what: 'puts a number at its place in a word, or gets it',
    ask: (name) => fieldCalls.has(name),
    yes: ['FIELD_PREP', 'FIELD_GET', 'u32_encode_bits', 'u8_get_bits'],
    no: ['FIELD_MAX', 'u32_replace_bits', 'u32_get', 'GENMASK'],
  },
  {
    what: 'logs',
    ask: isLog,
    yes: [
      ...['pr_warn', 'printk_once', 'WARN_ONCE', 'BUG', 'dev_err_ratelimited', 'ibdev_warn_ratelimited', 'drm_dbg_kms'],
      ...[
        'DRM_DEV_ERROR',
        'netdev_info',
        'trace_xe_bo',
        'XE_WARN_ON',
        'FOO_ASSERT',
        'foo_dbg',
        'foo_err_once_verbose',
        'vfio_ERR',
      ],
    ],
    no: ['foo_error_handler', 'err', 'warn', 'foo_once', 'debugfs_create_dir', 'dma_buf_put'],
  },
  {
    what: 'changes nothing',
    ask: isHarmless,
    yes: [
      ...['pr_warn', 'dma_resv_assert_held', 'might_sleep_if', 'KUNIT_FAIL_AND_EXIT', 'READ_ONCE', 'IS_ERR', 'PTR_ERR'],
      ...['container_of', 'min_t', 'atomic_read', 'list_empty', 'in_hardirq', 'unlikely', 'mutex_is_locked'],
    ],
    no: ['dma_resv_lock', 'atomic_inc', 'list_del', 'dma_buf_unmap_attachment', 'WRITE_ONCE', 'schedule_work'],
  },
  {
    what: 'need not be followed',
    ask: isLibraryLeaf,
    yes: [
      ...[
        'spin_lock',
        'raw_spin_unlock_irqrestore',
        'mutex_lock_interruptible',
        'down_read',
        'rcu_read_lock',
        'list_add',
      ],
      ...[
        'kfree',
        'kvzalloc',
        'memset',
        'snprintf',
        'atomic_inc',
        'complete',
        'dma_fence_put',
        'dma_resv_wait_timeout',
      ],
      ...['readl', 'iowrite32', 'del_timer_sync', 'pm_runtime_get', 'copy_to_user', 'this_cpu_inc', 'put_cpu_ptr'],
    ],
    no: [
      'percpu_ref_kill',
      'dma_buf_unmap_attachment',
      'schedule_work',
      'kref_put',
      'foo_kfree',
      'ttm_bo_validate',
      'iommu_unmap',
      'read',
    ],
  },
  {
    what: 'has nothing to do with moves',
    ask: besidesMoves.has,
    yes: ['ttm_bo_pin', 'kref_get', 'dma_buf_unpin', 'drm_gem_object_get', 'drm_err_printer'],
    no: ['xe_bo_migrate', 'foo_move', 'drm_exec_init'],
  },
  {
    what: 'has nothing to do with waits for importers',
    ask: besidesUnmapWaits.has,
    yes: ['kref_put', 'dma_buf_put', 'fput', 'get_file_rcu', 'percpu_ref_kill', 'synchronize_rcu', 'schedule'],
    no: ['foo_wait', 'wait_for_completion', 'get_device'],
  },
  {
    what: 'has nothing to do with a refusal',
    ask: besidesRefusals.has,
    yes: ['get_sg_table', 'to_foo', 'pci_p2pdma_distance', 'dma_map_sgtable', 'drm_gem_object_get', 'unlikely'],
    no: ['foo_check', 'is_revoked', 'vfio_pci_dma_buf_ready'],
  },
  {
    what: 'makes a mapping',
    ask: makesMapping,
    yes: ['dma_map_sgtable', 'dma_map_resource', 'dma_buf_phys_vec_to_sgt', 'drm_gem_map_dma_buf', 'dma_iova_link'],
    no: ['dma_unmap_sgtable', 'dma_buf_map_attachment', 'sg_alloc_table'],
  },
  {
    what: 'asks whether the device is gone',
    ask: deviceGone.has,
    yes: ['drm_dev_is_unplugged', 'foo_dev_is_gone', 'unplugged', 'pci_dev_is_disconnected'],
    no: ['drm_dev_unplug', 'is_gone_now', 'disconnected'],
  },
  { what: 'asks whether the device is there', ask: devicePresent.has, yes: ['drm_dev_enter'], no: ['drm_dev_exit'] },
  {
    what: 'runs where the hardware failed, by its name',
    ask: isNamedForFailure,
    yes: ['foo_ras_work', 'foo_gpu_reset_work', 'foo_recover', 'reset_worker'],
    no: ['foo_reset_flags_work', 'foo_stats_reset', 'foo_evict_work', 'foo_preset'],
  },
  {
    what: 'ends access otherwise',
    ask: (name) => blockingFunctions.has(name),
    yes: ['iommu_unmap', 'iommu_detach_device', 'pci_clear_master'],
    no: ['iommu_map', 'pci_set_master', 'dma_unmap_sgtable'],
  },
];

for (const { what, ask, yes, no } of questions)
  describe(`a function that ${what}`, () => {
    for (const name of yes) it(`is ${name}()`, () => assert.equal(ask(name), true));
    for (const name of no) it(`is not ${name}()`, () => assert.equal(ask(name), false));
  });

describe('code with a question about the device', () => {
  it('calls it by its whole name', () => {
    assert.equal(deviceGone.isIn('if (drm_dev_is_unplugged(dev))'), true);
    assert.equal(deviceGone.isIn('drm_dev_unplug(dev);'), false);
    assert.equal(devicePresent.isIn('if (!drm_dev_enter(dev, &idx))'), true);
  });
});
