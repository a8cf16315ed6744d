import type { ApiRole } from '../api/rows.js';
import { matchOp } from '../api/structs.js';

/** What code does by which its role is known. */
export type Deed =
  /** It calls this member of the exporter's ops. */
  | { readonly kind: 'slot'; readonly slot: string }
  /** It calls one of these functions of the kernel. */
  | { readonly kind: 'calls'; readonly names: readonly string[] }
  /** It calls the callback of an importer, or only looks at the importer's ops. */
  | { readonly kind: 'callback' }
  | { readonly kind: 'tests-callback' }
  /** It calls nothing of either's ops, and only looks whether they are there. */
  | { readonly kind: 'tests-ops' }
  /** It has the types below: nothing else has them. */
  | { readonly kind: 'types' }
  /** It calls a function with this role. */
  | { readonly kind: 'role'; readonly role: ApiRole };

/** The types by which functions with the same deed are told apart. */
type Type =
  | 'matches'
  | 'mapping'
  | 'attachment'
  | 'buffer'
  | 'table'
  | 'ops'
  | 'export-info'
  | 'provider'
  | 'descriptor';

/** How a role is known by the code of a function. */
export interface RoleEvidence {
  readonly role: ApiRole;
  /** The type that it returns, where that matters: `number` is an int or a bool. */
  readonly returns?: 'attachment' | 'buffer' | 'table' | 'pointer' | 'number' | 'truth' | 'nothing';
  /** Types that are among those of its parameters. */
  readonly takes?: readonly Type[];
  /** In words, for messages: what somebody does who plays the role. */
  readonly does: string;
  /** One of them is enough. */
  readonly deeds: readonly Deed[];
}

const slot = (name: string): Deed => ({ kind: 'slot', slot: name });
const calls = (...names: readonly string[]): Deed => ({ kind: 'calls', names });
const through = (role: ApiRole): Deed => ({ kind: 'role', role });

/**
 * The roles, each with what the core's code does in it. The first that fits is the role of a function: one that attaches may
 * also map (up to Linux 6.12 it does so for a static importer), and one that maps may also pin.
 * Sources: drivers/dma-buf/dma-buf.c and dma-buf-mapping.c of Linux 6.1 to 7.3.
 */
export const roleEvidence: readonly RoleEvidence[] = [
  {
    role: 'mapping-attach',
    returns: 'attachment',
    takes: ['matches'],
    does: 'attaches with a list of mapping types',
    deeds: [slot('attach'), slot(matchOp)],
  },
  {
    role: 'dynamic-attach',
    returns: 'attachment',
    takes: ['ops'],
    does: 'attaches with the ops of an importer',
    deeds: [slot('attach'), through('mapping-attach')],
  },
  {
    role: 'attach',
    returns: 'attachment',
    takes: ['buffer'],
    does: 'attaches',
    deeds: [slot('attach'), through('dynamic-attach'), through('mapping-attach')],
  },
  { role: 'detach', returns: 'nothing', takes: ['attachment'], does: 'detaches', deeds: [slot('detach')] },
  { role: 'map', returns: 'table', does: 'maps', deeds: [slot('map_dma_buf'), through('map')] },
  {
    role: 'unmap',
    returns: 'nothing',
    takes: ['table'],
    does: 'unmaps',
    deeds: [slot('unmap_dma_buf'), through('unmap')],
  },
  // Of a mapping type that is no table of pages.
  {
    role: 'map',
    returns: 'pointer',
    takes: ['attachment'],
    does: 'maps',
    deeds: [slot('map_dma_buf'), through('map')],
  },
  {
    role: 'unmap',
    returns: 'nothing',
    takes: ['attachment', 'mapping'],
    does: 'unmaps',
    deeds: [slot('unmap_dma_buf'), through('unmap')],
  },
  { role: 'pin', returns: 'number', takes: ['attachment'], does: 'pins', deeds: [slot('pin')] },
  { role: 'unpin', returns: 'nothing', takes: ['attachment'], does: 'unpins', deeds: [slot('unpin')] },
  { role: 'vmap', takes: ['buffer'], does: 'maps for the kernel', deeds: [slot('vmap'), through('vmap')] },
  {
    role: 'vunmap',
    takes: ['buffer'],
    does: 'unmaps for the kernel',
    deeds: [slot('vunmap'), through('vunmap')],
  },
  {
    role: 'begin-cpu-access',
    takes: ['buffer'],
    does: 'begins an access of the CPU',
    deeds: [slot('begin_cpu_access')],
  },
  { role: 'end-cpu-access', takes: ['buffer'], does: 'ends an access of the CPU', deeds: [slot('end_cpu_access')] },
  { role: 'mmap', takes: ['buffer'], does: 'maps into user space', deeds: [slot('mmap')] },
  {
    role: 'export',
    returns: 'buffer',
    takes: ['export-info'],
    does: 'exports a buffer',
    deeds: [{ kind: 'types' }],
  },
  {
    role: 'fd',
    returns: 'number',
    takes: ['buffer'],
    does: 'makes a descriptor',
    deeds: [calls('get_unused_fd_flags', 'FD_ADD', 'FD_PREPARE')],
  },
  {
    role: 'fd-install',
    returns: 'nothing',
    takes: ['buffer', 'descriptor'],
    does: 'installs a descriptor',
    deeds: [calls('fd_install')],
  },
  {
    role: 'get',
    returns: 'buffer',
    takes: ['descriptor'],
    does: 'gets the buffer of a descriptor',
    deeds: [calls('fget')],
  },
  { role: 'ref', returns: 'nothing', takes: ['buffer'], does: 'takes a reference', deeds: [calls('get_file')] },
  { role: 'put', returns: 'nothing', takes: ['buffer'], does: 'drops a reference', deeds: [calls('fput')] },
  {
    role: 'notify',
    returns: 'nothing',
    takes: ['buffer'],
    does: 'calls the callbacks of the importers',
    deeds: [{ kind: 'callback' }],
  },
  {
    role: 'ask-revocable',
    returns: 'number',
    takes: ['attachment'],
    does: 'asks for the callback of an importer',
    deeds: [{ kind: 'tests-callback' }],
  },
  {
    role: 'ask-dynamic',
    returns: 'truth',
    does: 'asks for the ops of an importer or an exporter',
    deeds: [{ kind: 'tests-ops' }],
  },
  {
    role: 'iterate',
    returns: 'buffer',
    does: 'walks over all buffers',
    deeds: [calls('list_for_each_entry', 'list_for_each_entry_continue')],
  },
  {
    role: 'make-table',
    returns: 'table',
    takes: ['attachment', 'provider'],
    does: 'makes a table for an exporter',
    deeds: [calls('sg_alloc_table')],
  },
  {
    role: 'free-table',
    returns: 'nothing',
    takes: ['attachment', 'table'],
    does: 'frees a table of an exporter',
    deeds: [calls('sg_free_table')],
  },
];
