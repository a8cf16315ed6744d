import { type NameTable, nameTable } from '../names.js';

/** A macro that reads or stores one place in a single access. */
interface Access {
  readonly names: NameTable;
  /** Whether it gets the address of the place: `smp_load_acquire(&x)`. */
  readonly byAddress: boolean;
}

const reads: readonly Access[] = [
  access('include/asm-generic/rwonce.h, include/linux/rcupdate.h', ['READ_ONCE', 'rcu_dereference{,_?*}'], false),
  access('include/asm-generic/barrier.h', ['smp_load_acquire'], true),
];

const stores: readonly Access[] = [
  access(
    'include/asm-generic/rwonce.h, include/linux/rcupdate.h',
    ['WRITE_ONCE', 'rcu_assign_pointer', 'RCU_INIT_POINTER'],
    false,
  ),
  access('include/asm-generic/barrier.h', ['smp_store_release'], true),
];

function access(source: string, names: readonly string[], byAddress: boolean): Access {
  return { names: nameTable({ topic: 'single accesses', source, names }), byAddress };
}

/**
 * Whether a macro yields the value of its first argument, which is a place or its address; undefined for any other
 * name.
 */
export function readAccess(name: string): Pick<Access, 'byAddress'> | undefined {
  return reads.find(({ names }) => names.has(name));
}

/**
 * Whether a macro stores its second argument in its first one, which is a place or its address; undefined for any other
 * name.
 */
export function storeAccess(name: string): Pick<Access, 'byAddress'> | undefined {
  return stores.find(({ names }) => names.has(name));
}
