import { wordTable } from '../names.js';

/** Words in the names of functions: what one does, the other undoes. Source: the naming of drivers. */
const opposites: readonly (readonly [string, string])[] = [
  ['pin', 'unpin'],
  ['get', 'put'],
  ['acquire', 'release'],
  ['take', 'drop'],
  ['grab', 'drop'],
  ['ref', 'unref'],
  ['map', 'unmap'],
  ['vmap', 'vunmap'],
  ['attach', 'detach'],
  ['reserve', 'unreserve'],
  ['prepare', 'unprepare'],
  ['enable', 'disable'],
  ['begin', 'end'],
  ['create', 'destroy'],
  ['alloc', 'free'],
];

/** Whether the names of two functions differ in one word, and the second is the opposite of the first: `x_pin_pages`, `x_unpin_pages`. */
export function undoesByName(did: string, undo: string): boolean {
  const [words, others] = [did.split('_'), undo.split('_')];
  const apart = words.flatMap((word, index) => (word === others[index] ? [] : [index]));
  const [index = -1] = apart;
  if (words.length !== others.length || apart.length !== 1) return false;
  return opposites.some(([one, other]) => words[index] === one && others[index] === other);
}

const undoing = wordTable(
  ...opposites.map(([, undo]) => undo),
  'unbind',
  'unimport',
  'unwind',
  'undo',
  'close',
  'stop',
  'abort',
  'cancel',
  'reset',
  'clear',
  'revoke',
);

/** Whether the name of a function says that it undoes something: `x_unmap_buffer`. */
export function undoesSomething(name: string): boolean {
  return undoing.has(name);
}
