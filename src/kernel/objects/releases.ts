import { nameTable, wordTable } from '../names.js';

/** Words that end the life of an object, or of a reference to it. */
const ends = ['put', 'release', 'free', 'destroy', 'cleanup', 'fini', 'teardown'];

const releases = wordTable(...ends, 'delete', 'del', 'dtor', 'kill');

/** Whether the name of a function or slot says that it ends the life of an object, or of a reference to it. */
export function isRelease(name: string): boolean {
  return releases.has(name);
}

const takeovers = wordTable(...ends, 'unref', 'remove', 'unregister', 'drop', 'detach');

/** Whether the name of a function says that what an object holds goes with it. */
export function releasesHoldings(name: string): boolean {
  return takeovers.has(name);
}

const undoings = wordTable('unexport', 'unshare', 'revoke');

/** Whether the name of a function says that it may take back an export of the object that it gets. */
export function mayUndoExport(name: string): boolean {
  return releasesHoldings(name) || undoings.has(name);
}

const partings = nameTable(
  { topic: 'lists', source: 'include/linux/list.h', names: ['{,h}list_del*'] },
  { topic: 'collections', source: 'include/linux/xarray.h, idr.h', names: ['xa_erase*', 'idr_remove', 'ida_free'] },
  { topic: 'trees', source: 'include/linux/rbtree.h', names: ['rb_erase*'] },
  { topic: 'memory', source: 'include/linux/slab.h, mm.h', names: ['k{,v,z}free*'] },
);

/** Whether after a call of this name the object is not found again, or is gone. */
export function isParting(name: string): boolean {
  return partings.has(name);
}

const once = nameTable({
  topic: 'run once',
  source: 'the naming of drivers',
  names: ['*{remove,release,destroy,disconnect,shutdown,unregister,fini,exit,free}*'],
});

/** Whether the name of a function says that it runs once in the life of an object. */
export function runsOnce(name: string): boolean {
  return once.has(name);
}
