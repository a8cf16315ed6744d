import type { SourceTree } from '../../input/tree/tree.js';

/** The objects of one assignment of a Makefile: `xe-y += a.o b.o` has the target `xe`. */
interface ObjectList {
  readonly target: string;
  readonly objects: readonly string[];
}

/**
 * What people call the driver that a file belongs to: the module of its Makefile, as `virtio-gpu`.
 * @param path of a source of the tree
 * @returns one word; the name of the file where no Makefile names it
 */
export function driverOf(tree: Pick<SourceTree, 'read'>, path: string): string {
  return moduleOf(tree, path).replace(/^\W|[^\w.+-]/g, '_');
}

function moduleOf(tree: Pick<SourceTree, 'read'>, path: string): string {
  const parts = path.split('/');
  let lists: readonly ObjectList[] = [];
  // A Makefile may name files in folders below its own, as `gem/i915_gem_dmabuf.o`, and include the Makefiles there.
  for (let depth = parts.length - 1; depth >= Math.max(1, parts.length - 3); depth--) {
    lists = [...lists, ...objectLists(tree.read(`${parts.slice(0, depth).join('/')}/Makefile`) ?? '')];
    const target = targetOf(lists, parts.slice(depth).join('/').replace(/\.c$/, '.o'));
    if (target !== undefined) return target;
  }
  return baseOf(parts.at(-1) ?? path);
}

/** The module that an object goes into, through lists that are parts of others. */
function targetOf(lists: readonly ObjectList[], object: string): string | undefined {
  const seen = new Set<string>();
  let wanted = object;
  let name: string | undefined;
  for (;;) {
    const found = lists.find(({ target, objects }) => !seen.has(target) && objects.includes(wanted));
    if (!found) return name;
    if (found.target === 'obj') return name ?? baseOf(object.slice(object.lastIndexOf('/') + 1));
    seen.add(found.target);
    // A list that is part of another one is no module.
    const uses = [`$(${found.target}-y)`, `$(${found.target})`];
    name = found.target;
    wanted = uses.find((use) => lists.some(({ objects }) => objects.includes(use))) ?? `${name}.o`;
  }
}

function objectLists(makefile: string): readonly ObjectList[] {
  const lines = makefile.replace(/\\\n/g, ' ').split('\n');
  return lines.flatMap((line) => {
    const [, target, objects] = /^\s*([\w-]+?)(?:-(?:y|m|objs|\$\([^)]*\)))?\s*[:+]?=\s*([^#]*)/.exec(line) ?? [];
    return target === undefined ? [] : [{ target, objects: (objects ?? '').split(/\s+/).filter(Boolean) }];
  });
}

function baseOf(file: string): string {
  return file.replace(/\.\w+$/, '');
}
