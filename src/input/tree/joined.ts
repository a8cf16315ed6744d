import { compareText } from '../../base/compare-text.js';
import type { SourceTree } from './tree.js';

/**
 * Puts a tree into a folder of another one, as a module that is built outside of the kernel tree sees both.
 * @param folder a path that the kernel does not have
 */
export function joinTrees(kernel: SourceTree, folder: string, module: SourceTree): SourceTree {
  const prefix = `${folder}/`;
  const inside = (path: string): string => `${prefix}${path}`;
  const isOwn = (path: string): boolean => path.startsWith(prefix);
  return {
    name: kernel.name,
    sources: [...kernel.sources, ...module.sources.map(inside)].sort(),
    documentation: kernel.documentation,
    get problems() {
      return [...kernel.problems, ...module.problems.map(({ path, reason }) => ({ path: inside(path), reason }))];
    },
    read: (path) => (isOwn(path) ? module.read(path.slice(prefix.length)) : kernel.read(path)),
    has: (path) => (isOwn(path) ? module.has(path.slice(prefix.length)) : kernel.has(path)),
    async search(paths, words, exports) {
      const own = paths.filter(isOwn).map((path) => path.slice(prefix.length));
      const [there, here] = await Promise.all([
        kernel.search(
          paths.filter((path) => !isOwn(path)),
          words,
          exports,
        ),
        module.search(own, words, exports),
      ]);
      const ours = here.exports.map(([symbol, path]) => [symbol, inside(path)] as const);
      return {
        hits: words.map((_, index) => [...(there.hits[index] ?? []), ...(here.hits[index] ?? []).map(inside)].sort()),
        exports: [...there.exports, ...ours].sort(([, left], [, right]) => compareText(left, right)),
        problems: [...there.problems, ...here.problems.map(({ path, reason }) => ({ path: inside(path), reason }))],
      };
    },
  };
}
