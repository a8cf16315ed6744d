import { nameTable, wordTable } from '../names.js';

const views = nameTable(
  { topic: 'by type', source: 'include/linux/container_of.h, list.h', names: ['container_of*', 'list_entry'] },
  { topic: 'by name', source: 'the naming of drivers', names: ['to_?*', '?*_to_?*', '*_priv'] },
  { topic: 'driver data', source: 'include/linux/device.h', names: ['?*_get_drvdata'] },
  { topic: 'private data of sound', source: 'include/sound/pcm.h', names: ['snd_pcm_{substream_,}chip'] },
);

/** Verbs of what is done to an object: `copy_to_user()` and `add_mem_to_list()` are no views. */
const actions = wordTable(
  ...['copy', 'add', 'append', 'insert', 'move', 'write', 'store', 'send', 'push', 'submit', 'flush', 'sync'],
  ...['attach', 'bind', 'map', 'set', 'put', 'memcpy', 'export', 'import', 'to_fd', 'to_user'],
);

/** Whether a function turns one view of an object into another: it returns the same for the same argument. */
export function isConversion(name: string): boolean {
  return views.has(name) && !actions.has(name);
}

const certainViews = nameTable({
  topic: 'by type',
  source: 'include/linux/container_of.h, list.h',
  names: ['container_of*', 'list_entry'],
});

/** Whether such a view is computed from the address: it is never NULL, and no error. */
export function isCertainConversion(name: string): boolean {
  return certainViews.has(name);
}

const onlyConversion =
  /^\W*(?:return\s+)?container_of(?:_const)?\s*\(\s*\(?\s*(\w+)\s*\)?\s*,[\w\s]+,\s*([\w.]+)\s*\)\W*$/;

/**
 * The conversion that is all that a body does: `container_of((o), struct ex_bo, base)`, or a block that returns that.
 * @param body the text of a macro or of a function, without comments
 * @returns the variable that is converted, and the path of the member that it is; undefined for any other body
 */
export function conversionIn(body: string): { readonly argument: string; readonly member: string } | undefined {
  const [, argument, member] = onlyConversion.exec(body) ?? [];
  return argument === undefined || member === undefined ? undefined : { argument, member };
}

const readsOnly = nameTable(
  { topic: 'driver data', source: 'include/linux/device.h', names: ['{dev,platform,pci,spi,amba}_get_drvdata'] },
  { topic: 'network devices', source: 'include/linux/netdevice.h', names: ['netdev_priv'] },
  { topic: 'private data of sound', source: 'include/sound/pcm.h', names: ['snd_pcm_{substream_,}chip'] },
);

/** Whether such a view takes no reference, as the kernel defines it. A name like `handle_to_dmabuf()` may hide one that does. */
export function takesNoReference(name: string): boolean {
  return isCertainConversion(name) || readsOnly.has(name);
}

/** Whether the name of a function or macro tells that it leads from an object to the whole or a part of it. */
export function isNamedForConversion(name: string): boolean {
  return /(?:^|_)(?:to|container_of\w*|from)(?:_|$)|priv|drvdata/.test(name);
}

const plainViews = nameTable(
  { topic: 'by type', source: 'include/linux/container_of.h', names: ['container_of*'] },
  { topic: 'by name', source: 'the naming of drivers', names: ['to_?*', '?*_to_?*', '*priv*', '*drvdata'] },
);

/** Whether a call only looks something up, and takes nothing that would have to be given back: macros do not. */
export function isPlainView(name: string): boolean {
  return plainViews.has(name) || /^[A-Z_]+$/.test(name);
}

const lookups = nameTable(
  {
    topic: 'collections',
    source: 'include/linux/list.h, llist.h, rbtree.h, xarray.h, idr.h',
    names: ['{list,hlist,llist,rb,xa,idr}_*{entry,first,last,next,find,load}*'],
  },
  {
    topic: 'trees and tables',
    source: 'include/linux/radix-tree.h, rhashtable.h, maple_tree.h',
    names: ['radix_tree_{lookup,next}*', 'rhashtable_lookup*', '{mtree,mas,xas}_{load,find,walk}*'],
  },
);

const findsOrInserts = nameTable({
  topic: 'look-up and insertion in one',
  source: 'include/linux/rhashtable.h',
  names: ['rhashtable_lookup_get_insert_*'],
});

/** Whether a call puts an object into a collection and returns NULL; or returns what is there already, or an error. */
export function mayFindInstead(name: string): boolean {
  return findsOrInserts.has(name);
}

/** Whether a function takes a member out of a collection. */
export function isLookup(name: string): boolean {
  return lookups.has(name) && !insertions.has(name);
}

const insertions = nameTable(
  {
    topic: 'lists',
    source: 'include/linux/list.h, llist.h, hashtable.h',
    names: ['{,h,l}list_{add,move}*', 'hash_add*'],
  },
  {
    topic: 'by number',
    source: 'include/linux/xarray.h, idr.h',
    names: ['xa_{store,insert,alloc,cmpxchg}*', 'idr_alloc*'],
  },
  {
    topic: 'trees and tables',
    source: 'include/linux/rbtree.h, radix-tree.h, rhashtable.h, maple_tree.h, interval_tree.h',
    names: [
      'rb_{link_node,add,insert}*',
      'radix_tree_insert',
      'rhashtable_{,lookup_,lookup_get_}insert*',
      'mtree_{insert,store}*',
      'interval_tree_insert',
    ],
  },
);

const refusing = nameTable(
  {
    topic: 'insertions that can fail',
    source: 'include/linux/xarray.h, idr.h, radix-tree.h, rhashtable.h',
    names: [
      'xa_{insert,alloc}*',
      'idr_alloc*',
      'radix_tree_insert',
      'rhashtable_{,lookup_}insert_fast',
      'rhashtable_{,lookup_}insert_key',
    ],
  },
  // devm_add_action_or_reset() runs the action where it fails.
  {
    topic: 'actions that are registered',
    source: 'include/linux/device/devres.h, include/drm/drm_managed.h',
    names: ['{devm,drmm}_add_action'],
  },
  {
    topic: 'callbacks of fences that have signalled already',
    source: 'include/linux/dma-fence.h',
    names: ['dma_fence_add_callback'],
  },
);

/** Whether a call returns a negative number where it fails, and then has not taken the object that it was given. */
export function mayRefuse(name: string): boolean {
  return refusing.has(name);
}

/**
 * The error of a call that may refuse and that has only one error: a test for this error is a test for failure.
 * Source: __dma_fence_enable_signaling() and dma_fence_add_callback() in drivers/dma-buf/dma-fence.c; -EINVAL is a misuse.
 */
export const soleErrors: ReadonlyMap<string, string> = new Map([['dma_fence_add_callback', 'ENOENT']]);

const registering = nameTable({
  topic: 'actions that are registered',
  source: 'include/linux/device/devres.h, include/drm/drm_managed.h',
  names: ['{devm,drmm}_add_action{,_or_reset}'],
});

/** Whether a call registers a function that is run with the object that it gets: the function releases what the object holds. */
export function registersAction(name: string): boolean {
  return registering.has(name);
}

const runningOnFailure = nameTable({
  topic: 'actions that run where they cannot be registered',
  source: 'include/linux/device/devres.h, include/drm/drm_managed.h',
  names: ['{devm,drmm}_add_action_or_reset'],
});

/** Whether such a call has run the function when it fails. */
export function runsActionOnFailure(name: string): boolean {
  return runningOnFailure.has(name);
}

const replacing = nameTable({ topic: 'stores', source: 'include/linux/xarray.h', names: ['xa_store{,_bh,_irq}'] });

/** Whether a call puts an object into a collection and returns what was there, or an error: then the object is not there. */
export function mayReplace(name: string): boolean {
  return replacing.has(name);
}

/** Where a call that puts an object into a collection has what among its arguments: positions from 0. */
export interface EntrySetter {
  /** The collection. */
  readonly target: number;
  readonly index: number;
  readonly value: number;
}

/** Where a call that may replace an object has what among its arguments; undefined for any other call. */
export function entrySetterOf(name: string): EntrySetter | undefined {
  return mayReplace(name) ? { target: 0, index: 1, value: 2 } : undefined;
}

const loading = nameTable({ topic: 'entries by index', source: 'include/linux/xarray.h', names: ['xa_load'] });

/** Whether a call returns the entry at an index of its first argument, a collection, and leaves the entry there. */
export function loadsEntry(name: string): boolean {
  return loading.has(name);
}

const exchanging = nameTable({
  topic: 'exchanges',
  source: 'include/linux/xarray.h',
  names: ['{,__}xa_cmpxchg{,_bh,_irq}'],
});

/**
 * Whether a call puts an object into a collection, but leaves it to the caller if another object is there or if the
 * call fails.
 */
export function mayKeepOut(name: string): boolean {
  return exchanging.has(name) || refusing.has(name) || replacing.has(name) || findsOrInserts.has(name);
}

/** Whether a function puts an object into a collection, where other code finds it. */
export function isInsertion(name: string): boolean {
  return insertions.has(name);
}

const idrs = nameTable({
  topic: 'IDRs',
  source: 'include/linux/idr.h',
  names: ['idr_alloc', 'idr_alloc_{cyclic,u32}'],
});
const xarrays = nameTable({
  topic: 'xarrays',
  source: 'include/linux/xarray.h',
  names: ['xa_{alloc,alloc_cyclic,insert,store}{,_bh,_irq}'],
});

/**
 * The position, from 0, of the object that a call puts into a map of numbers, which is its first argument: whoever names the
 * number gets the object from then on. Undefined for any other call.
 */
export function entryArgumentOf(name: string): number | undefined {
  if (idrs.has(name)) return 1;
  return xarrays.has(name) ? 2 : undefined;
}

const found = nameTable(
  { topic: 'IDRs', source: 'include/linux/idr.h', names: ['idr_{find,remove}'] },
  { topic: 'xarrays', source: 'include/linux/xarray.h', names: ['xa_load', '{,__}xa_erase{,_bh,_irq}'] },
);

/** Whether a call returns the object under a number in its first argument, a map of numbers. */
export function findsEntry(name: string): boolean {
  return found.has(name);
}
