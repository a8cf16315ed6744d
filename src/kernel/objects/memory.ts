import { nameTable, wordTable } from '../names.js';

/** Functions that free an object: what it alone held is lost with it. Sources: include/linux/slab.h, vmalloc.h, device.h. */
export const freeFunctions: ReadonlySet<string> = new Set([
  'kfree',
  'kvfree',
  'vfree',
  'kfree_sensitive',
  'kzfree',
  'kfree_rcu',
  'devm_kfree',
]);

/** Frees an object of a slab cache: the cache comes first, the object second. Source: include/linux/slab.h. */
export const slabFree = 'kmem_cache_free';

/** Frees an object that the device would free at its end. Source: include/linux/device/devres.h. */
export const managedFree = 'devm_kfree';

const families = ['k', 'kv', 'kz', 'kvz', 'devm_k', 'devm_kv', 'devm_kz', 'devm_kvz'];

const allocators = nameTable(
  {
    topic: 'slab',
    source: 'include/linux/slab.h, include/linux/string.h, include/linux/device/devres.h',
    names: families.flatMap((family) => [`${family}{m,c,z,}alloc*`, `${family}memdup*`]),
  },
  { topic: 'vmalloc', source: 'include/linux/vmalloc.h', names: ['v{m,z}alloc*'] },
);

const managed = nameTable({
  topic: 'memory of a device',
  source: 'include/linux/device/devres.h',
  names: ['devm_{k,kv}{m,c,z}alloc*', 'devm_kmemdup*'],
});

/** Whether an allocator ties the object to a device, which frees it when the device is unbound. */
export function isManagedAllocator(name: string): boolean {
  return managed.has(name);
}

/** Whether a function returns a new object that nobody else knows, or NULL. */
export function isAllocator(name: string): boolean {
  return allocators.has(name);
}

const allocations = wordTable('alloc', 'zalloc', 'calloc', 'malloc', 'allocate', 'new', 'create', 'memdup', 'dup');

/** Whether the name of a function says that it returns a new object. */
export function isNamedForAllocation(name: string): boolean {
  return isAllocator(name) || allocations.has(name);
}

const zeroing = nameTable({
  topic: 'zeroed',
  source: 'include/linux/slab.h',
  names: ['*zalloc*', '*calloc*', '*alloc_obj*'],
});

/** Whether what an allocator returns is all zero. */
export function isZeroing(name: string): boolean {
  return zeroing.has(name);
}

const filling = nameTable(
  {
    topic: 'copies from user space',
    source: 'include/linux/uaccess.h',
    names: ['*copy_from_user*', 'copy_struct_from_*'],
  },
  {
    topic: 'copies',
    source: 'include/linux/string.h, include/linux/io.h',
    names: ['mem{cpy,move}*', 'copy_from_iter*'],
  },
);

/** Whether a function fills the memory that is its first argument. */
export function fillsMemory(name: string): boolean {
  return filling.has(name);
}

const memoryCopies = nameTable({
  topic: 'copies within the memory',
  source: 'include/linux/string.h',
  names: ['mem{cpy,move}'],
});

/** Whether a function copies its second argument to its first one. */
export function isMemoryCopy(name: string): boolean {
  return memoryCopies.has(name);
}

/** Functions that return a new copy of an object. Source: include/linux/string.h, include/linux/device/devres.h. */
const duplicators = nameTable({
  topic: 'copies to new memory',
  source: 'include/linux/string.h',
  names: ['k{,v}memdup', 'kmemdup_{array,noprof}'],
});
const managedDuplicators = nameTable({
  topic: 'copies to new memory of a device',
  source: 'include/linux/device/devres.h',
  names: ['devm_kmemdup', 'devm_kmemdup_{array,const}'],
});

/** The argument that a function copies to new memory; it returns the copy or NULL. Undefined for any other function. */
export function duplicatedArgument(name: string): number | undefined {
  return duplicators.has(name) ? 0 : managedDuplicators.has(name) ? 1 : undefined;
}

/** Functions that fill memory with a byte: the address comes first, then the byte where it can be chosen. Source: include/linux/string.h. */
export const byteFills: ReadonlyMap<string, { readonly byte: number | null }> = new Map([
  ['memset', { byte: 1 }],
  ['memzero_explicit', { byte: null }],
]);

/** The macro that exchanges the values of its two arguments. Source: include/linux/minmax.h. */
export const exchangeMacro = 'swap';
