import { dirname, join } from 'node:path';

/** `import "./chunk.js";`, which takes nothing from the other file. */
const bare = /^import "(\.[^"]+)";\n/gm;
/** Any import of another file of the bundle that does not wait until it is called. */
const fixed = /^(?:import|\}|export) ?(?:.* from )?"(\.[^"]+)";$/gm;

/**
 * Takes the imports away that a file of the bundle can do without. The bundler writes into each file the names of all
 * files that come with it, also of those that come with another one of them. Node opens all that a file names at the
 * same time, so that a process that may open only a few fails. What is loaded stays the same, since no file of ours does
 * anything when it is loaded, but for those that a process begins with.
 * @param texts the files by their path
 * @returns the same files
 */
export function thinImports(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const importsOf = (path: string, pattern: RegExp): readonly string[] =>
    [...(texts.get(path) ?? '').matchAll(pattern)].map(([, from = '']) => join(dirname(path), from));
  const loaded = new Map<string, ReadonlySet<string>>();
  const loadedWith = (path: string): ReadonlySet<string> => {
    const known = loaded.get(path);
    if (known) return known;
    const all = new Set(importsOf(path, fixed).flatMap((each) => [each, ...loadedWith(each)]));
    loaded.set(path, all);
    return all;
  };
  return new Map(
    [...texts].map(([path, text]) => {
      const idle = new Set(importsOf(path, bare));
      const kept = new Set(importsOf(path, fixed));
      for (const each of idle)
        if ([...kept].some((other) => other !== each && loadedWith(other).has(each))) kept.delete(each);
      const thin = text.replace(bare, (line, from: string) => (kept.has(join(dirname(path), from)) ? line : ''));
      return [path, thin];
    }),
  );
}
