import { nameTable } from '../names.js';
import { isErrorMacro, isHint } from '../predicates.js';

/**
 * Functions that only log, assert or read: a callback that calls nothing else does nothing. What is not listed is
 * looked into.
 */

const logs = nameTable(
  { topic: 'printk', source: 'include/linux/printk.h', names: ['printk*', '_printk', 'pr_?*', 'dump_stack'] },
  { topic: 'warnings', source: 'include/asm-generic/bug.h', names: ['WARN*', 'BUG', 'BUG_ON'] },
  { topic: 'warnings of drivers', source: 'their naming', names: ['{,?*_}{WARN,ASSERT,BUG}{,_ON}{,_ONCE}'] },
  {
    topic: 'DRM',
    source: 'include/drm/drm_print.h',
    names: ['DRM_{DEBUG,ERROR,INFO,WARN,NOTE,DEV_}*', 'drm_{dbg,debug,err,info,warn,notice,WARN}*'],
  },
  {
    topic: 'devices',
    source: 'include/linux/dev_printk.h',
    names: ['*dev_{emerg,alert,crit,err,warn,notice,info,dbg,WARN}*'],
  },
  {
    topic: 'network',
    source: 'include/net/net_debug.h, include/linux/net.h',
    names: ['{netdev,netif}_{err,warn,info,dbg}*', 'net_?*_ratelimited'],
  },
  { topic: 'ACPI', source: 'include/linux/acpi.h', names: ['acpi_handle_?*'] },
  { topic: 'tracepoints', source: 'include/trace/events', names: ['trace_?*'] },
);

/** How drivers call their own log functions: a level, in any case, and how often it is printed. */
const levels = ['warn', 'err', 'error', 'info', 'dbg', 'debug', 'notice', 'alert', 'crit', 'emerg'];
const frequencies = ['once', 'ratelimited', 'rl', 'verbose'];

/** Whether a call of this name logs or warns. */
export function isLog(name: string): boolean {
  return logs.has(name) || isNamedForLevel(name);
}

function isNamedForLevel(name: string): boolean {
  const words = name.toLowerCase().split('_');
  while (frequencies.includes(words.at(-1) ?? '')) words.pop();
  return words.length > 1 && levels.includes(words.at(-1) ?? '');
}

const assertions = nameTable(
  { topic: 'reservation objects', source: 'include/linux/dma-resv.h', names: ['dma_resv_assert_held'] },
  {
    topic: 'locks',
    source: 'include/linux/lockdep.h, include/linux/mutex.h, include/linux/ww_mutex.h',
    names: ['lockdep_?*', '{ww_,}mutex_is_locked'],
  },
  {
    topic: 'sleeping',
    source: 'include/linux/kernel.h, include/linux/lockdep.h',
    names: ['might_{sleep*,lock*,fault}'],
  },
  { topic: 'GEM', source: 'include/drm/drm_gem.h', names: ['drm_gem_*assert*'] },
  { topic: 'building', source: 'include/linux/build_bug.h', names: ['BUILD_BUG_ON*', 'static_assert'] },
  {
    topic: 'KUnit',
    source: 'include/kunit/test.h',
    names: ['KUNIT_{FAIL,EXPECT,ASSERT}*', 'kunit_{info,warn,err,fail}*'],
  },
);

const reads = nameTable(
  {
    topic: 'the compiler',
    source: 'include/linux/compiler.h, include/linux/kconfig.h',
    names: ['READ_ONCE', 'IS_ENABLED', '__builtin_?*'],
  },
  // offset__() is what the front end makes of offsetof().
  {
    topic: 'types and numbers',
    source: 'include/linux/container_of.h, minmax.h, bits.h, array_size.h',
    names: ['container_of*', 'min*', 'max*', 'offset__', 'offsetof', 'sizeof', 'BIT', 'GENMASK', 'ARRAY_SIZE'],
  },
  // swap() changes two numbers or pointers, and calls nothing.
  {
    topic: 'arithmetic',
    source: 'include/linux/minmax.h, math.h, align.h, log2.h, bitfield.h, overflow.h, wordpart.h',
    names: [
      ...['swap', 'clamp*', 'abs', 'abs_diff', 'round_{up,down}', 'round{up,down}', 'DIV_ROUND_?*', 'ALIGN*'],
      ...['IS_ALIGNED', 'PTR_ALIGN', 'PAGE_ALIGN*', 'PFN_?*', 'offset_in_page', '{lower,upper}_32_bits'],
      ...['ilog2', 'order_base_2', 'get_order', 'is_power_of_2', 'ffs', 'fls', 'fls64', 'hweight*', 'div{,64}_?*'],
      ...['FIELD_{GET,PREP,MAX}', 'struct_size*', 'array_size', 'size_{add,mul,sub}', 'check_{add,mul,sub}_overflow'],
      ...['cpu_to_{l,b}e{16,32,64}', '{l,b}e{16,32,64}_to_cpu'],
    ],
  },
  {
    topic: 'counts and bits',
    source: 'include/linux/atomic.h, refcount.h, kref.h, bitops.h',
    names: ['atomic*_read', 'refcount_read', 'kref_read', 'test_bit'],
  },
  { topic: 'lists', source: 'include/linux/list.h', names: ['list_empty*'] },
  { topic: 'time', source: 'include/linux/timekeeping.h', names: ['ktime_get*'] },
  {
    topic: 'where it runs',
    source: 'include/linux/smp.h, preempt.h, workqueue.h, sched.h',
    names: ['smp_processor_id', 'in_?*irq', 'current_work', 'cond_resched'],
  },
  {
    topic: 'devices',
    source: 'include/linux/device.h, pci.h, include/drm/drm_drv.h',
    names: ['dev_name', 'dev_get_drvdata', 'pci_name', 'drm_dev_is_unplugged'],
  },
  {
    topic: 'buffers',
    source: 'include/linux/dma-resv.h, include/linux/dma-buf.h',
    names: ['dma_resv_is_locked', 'get_dma_buf_name'],
  },
  {
    topic: 'rate limits and static data',
    source: 'include/linux/ratelimit.h, include/linux/ratelimit_types.h, include/linux/jump_label.h',
    names: ['ratelimit*', '{__,___}ratelimit', 'DEFINE_RATELIMIT_STATE', 'DEFINE_STATIC_?*'],
  },
);

const counting = nameTable({
  topic: 'counters',
  source: 'include/linux/atomic/atomic-instrumented.h, include/linux/percpu-defs.h, include/linux/u64_stats_sync.h',
  names: ['atomic{,64,_long}_inc', 'this_cpu_inc', 'u64_stats_inc'],
});

/** Whether a call counts something up, and does nothing else. */
export function countsUp(name: string): boolean {
  return counting.has(name);
}

const printing = nameTable({
  topic: 'text for people',
  source: 'include/linux/seq_file.h, include/linux/sysfs.h, include/linux/sprintf.h, include/drm/drm_print.h',
  names: ['seq_printf', 'sysfs_emit*', 's{,c,n,cn}printf', 'drm_printf'],
});

/** Whether a call makes text for people. */
function prints(name: string): boolean {
  return isLog(name) || printing.has(name);
}

const countUp = /\+\+|\batomic\w*_(?:inc|set)\s*\(|\bu64_stats_\w+\s*\(/;
const decides = /\b(?:if|while|for|switch|return|wait_event\w*)\b|[?<>]=?\s|[=!]=/;

/** Whether a line that names a counter counts it up, sets it to 0, or prints it. */
export function isCountOrPrint(line: string): boolean {
  if (decides.test(line.replace(/->/g, '.'))) return false;
  return (
    countUp.test(line) ||
    /=\s*0\s*;/.test(line) ||
    [...line.matchAll(/\b(\w+)\s*\(/g)].some(([, name = '']) => prints(name))
  );
}

/** Whether a call of this name provably changes nothing. */
export function isHarmless(name: string): boolean {
  return isLog(name) || assertions.has(name) || reads.has(name) || isErrorMacro(name) || isHint(name);
}
