import type { SourceTree } from '../../input/tree/tree.js';
import { folderOf, resolveInTree } from '../paths.js';

/** An object that a makefile names, and whose source the tree does not hold. */
interface MissingObject {
  /** The makefile. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** As the makefile names it: `split_pin.o`. */
  readonly object: string;
}

/** Kbuild reads the first of these that a folder has. */
const makefileNames: readonly string[] = ['Kbuild', 'Makefile'];

/** What an object is made of: what kbuild has a rule for, and sources that a driver ships in another form. */
const sourceEndings: readonly string[] = ['.c', '.S', '.rs', '.c_shipped', '.o_shipped', '.asn1', '.y', '.l'];

/** `foo-y += a.o`, `foo-objs := a.o`, `foo-$(CONFIG_BAR) += a.o`, `obj-m += foo.o`, with what stands before the suffix. */
const assignment = /^\s*(?:([\w.-]+)-(?:y|m|objs|\$\([^)]*\)|\$\{[^}]*\}))\s*[:+?]?=\s*(.*)$/;

/** One object in a list of a makefile. */
interface Listed {
  /** The list: objects of one list are built into one module, or chosen together. */
  readonly list: string;
  readonly object: string;
  readonly line: number;
}

/**
 * Returns the objects without a source that are built together with a file, as far as the makefiles of its folder and of
 * the folders above it tell. In a file that no makefile names, which another one may include, every missing object counts.
 */
export function missingObjects(tree: SourceTree, path: string): readonly MissingObject[] {
  const own = folderOf(path);
  for (let folder = own; folder.includes('/'); folder = folderOf(folder)) {
    const file = makefileNames.map((name) => `${folder}/${name}`).find((name) => tree.read(name) !== undefined);
    const lists = file ? listsOf(tree, file) : null;
    if (!file || !lists) continue;
    const named = listsWith(lists, path.slice(folder.length + 1).replace(/\.c$/, ''));
    if (folder !== own && named.size === 0) continue;
    return lists.missing
      .filter(({ list }) => named.size === 0 || named.has(list))
      .map(({ object, line }) => ({ file, line, object: `${object}.o` }));
  }
  return [];
}

/** What the lists of one makefile name. */
interface Lists {
  readonly entries: readonly Listed[];
  readonly missing: readonly Listed[];
}

const known = new WeakMap<SourceTree, Map<string, Lists>>();

function listsOf(tree: SourceTree, file: string): Lists {
  const files = known.get(tree) ?? new Map<string, Lists>();
  known.set(tree, files);
  let lists = files.get(file);
  if (!lists) {
    lists = readLists(tree, file);
    files.set(file, lists);
  }
  return lists;
}

function readLists(tree: SourceTree, file: string): Lists {
  const text = tree.read(file) ?? '';
  const entries = listedIn(text);
  const composite = new Set(entries.map(({ list }) => list));
  const isMade = (object: string): boolean => text.includes(`${folderOf(object)}/%.o`) || text.includes(`${object}.o:`);
  const missing = entries.filter(
    ({ object }) => !composite.has(object) && !hasSource(tree, folderOf(file), object) && !isMade(object),
  );
  return { entries, missing };
}

function listedIn(text: string): readonly Listed[] {
  const entries: Listed[] = [];
  let [joined, first] = ['', 1];
  for (const [index, part] of text.split('\n').entries()) {
    if (joined === '') first = index + 1;
    joined += part.replace(/\\$/, ' ');
    if (part.endsWith('\\')) continue;
    const [, list, value] = assignment.exec(joined.replace(/#.*/, '')) ?? [];
    // `obj-$(CONFIG_FOO)` builds other modules than `obj-$(CONFIG_BAR)`, and `foo-$(CONFIG_BAR)` a part of foo.
    const name = list === 'obj' || list === 'lib' ? (joined.split('=')[0] ?? '').replace(/[\s:+?]/g, '') : list;
    for (const [, object] of (value ?? '').matchAll(/(?<=^|\s)([\w./-]+)\.o(?=\s|$)/g))
      if (name && object && !/\.dtbo?$/.test(object)) entries.push({ list: name, object, line: first });
    joined = '';
  }
  return entries;
}

/** The lists that an object is in, with those that the object made of such a list is in. */
function listsWith({ entries }: Lists, object: string): ReadonlySet<string> {
  const found = new Set<string>();
  const wanted = [object];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop())
    for (const { list } of entries.filter((entry) => entry.object === name && !found.has(entry.list))) {
      found.add(list);
      wanted.push(list);
    }
  return found;
}

/** A makefile that another one includes names its objects from the folder of that one: gvt/Makefile of i915. */
function hasSource(tree: SourceTree, folder: string, object: string): boolean {
  return [folder, folderOf(folder)].some((from) =>
    sourceEndings.some((ending) => {
      const path = resolveInTree(from, `${object}${ending}`);
      return path !== undefined && tree.has(path);
    }),
  );
}
