import { nameTable, type Topic } from '../names.js';

/** Loop macros whose cursors stand at the same positions. */
interface LoopRow {
  readonly topic: Topic;
  /** The positions of the arguments that the macro assigns in each round, from 0. */
  readonly cursors: readonly number[];
}

/** The first row with a name counts: rows for few macros stand before rows for many. */
const rows: readonly LoopRow[] = [
  row(
    'tables of lists, safe',
    'include/linux/hashtable.h',
    ['hash_for_each_safe', 'hash_for_each_rcu_safe'],
    [1, 2, 3],
  ),
  row('one list of a table, safe', 'include/linux/hashtable.h', ['hash_for_each_possible_safe'], [1, 2]),
  row('one list of a table', 'include/linux/hashtable.h', ['hash_for_each_possible*'], [1]),
  row('tables of lists', 'include/linux/hashtable.h', ['hash_for_each*'], [1, 2]),
  row(
    'lists with a node beside the entry',
    'include/linux/list_bl.h, list_nulls.h, rculist_bl.h',
    ['hlist_{bl,nulls}_for_each*'],
    [0, 1],
  ),
  row(
    'lists, safe',
    'include/linux/list.h, llist.h, plist.h',
    ['{list,hlist,llist,plist}_for_each*_safe*', '{list,hlist,llist,plist}_for_each_safe*'],
    [0, 1],
  ),
  row('lists', 'include/linux/list.h, rculist.h, llist.h, plist.h', ['{list,hlist,llist,plist}_for_each*'], [0]),
  row('xarrays', 'include/linux/xarray.h', ['xa_for_each*'], [1, 2]),
  row('states of xarrays', 'include/linux/xarray.h', ['xas_for_each*'], [1]),
  row('IDRs', 'include/linux/idr.h', ['idr_for_each_entry_{,continue_}ul'], [1, 2, 3]),
  row('IDRs', 'include/linux/idr.h', ['idr_for_each_entry*'], [1, 2]),
  row('radix trees', 'include/linux/radix-tree.h', ['radix_tree_for_each_*'], [0]),
  row('red-black trees', 'include/linux/rbtree.h', ['rbtree_postorder_for_each_entry_safe'], [0, 1]),
  row('scatterlists', 'include/linux/scatterlist.h', ['for_each_sg'], [1, 3]),
  row('scatterlists of a table', 'include/linux/scatterlist.h', ['for_each_sgtable_{,dma_}sg'], [1, 2]),
  row('bits', 'include/linux/find.h', ['for_each_{set,clear}_bit*'], [0]),
];

function row(topic: string, source: string, names: readonly string[], cursors: readonly number[]): LoopRow {
  return { topic: { topic, source, names }, cursors };
}

const tables = rows.map(({ topic, cursors }) => ({ table: nameTable(topic), cursors }));

/**
 * The positions of the arguments that a loop macro of the kernel assigns in each round, from 0.
 * @returns undefined for a macro that is not in the table
 */
export function loopCursors(macro: string): readonly number[] | undefined {
  return tables.find(({ table }) => table.has(macro))?.cursors;
}

const listChanges = nameTable(
  {
    topic: 'lists',
    source: 'include/linux/list.h, rculist.h',
    names: ['{,h}list_{add,del,move,replace,swap,cut,splice,bulk,rotate}*', '__{,h}list_{add,del}*'],
  },
  { topic: 'lock-free lists', source: 'include/linux/llist.h', names: ['llist_{add,del}*'] },
  { topic: 'red-black trees', source: 'include/linux/rbtree.h', names: ['rb_{erase,insert,replace,link}*'] },
);

/** Whether a function changes which entries stand where in a list or tree. */
export function changesList(name: string): boolean {
  return listChanges.has(name);
}

/** The members of list heads, list entries and tree roots that lead to an entry. */
export const linkMembers: ReadonlySet<string> = new Set(['next', 'prev', 'first', 'rb_node']);

/** Whether a member of a list head or tree root leads to an entry: another one as soon as the list has changed. */
export function isListLink(member: string): boolean {
  return linkMembers.has(member);
}

/** Whether a macro tells how many elements an array has. Source: include/linux/array_size.h. */
export function isSize(name: string): boolean {
  return name === 'ARRAY_SIZE';
}
