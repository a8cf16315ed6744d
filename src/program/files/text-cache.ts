/** The texts kept have at most so many UTF-16 units together. */
const largestTextCache = 8 * 1024 * 1024;

/** Texts that are read once and not kept for long. */
export interface TextCache {
  /** The text of a file, read unless it is here; undefined where there is none. */
  text(path: string): string | undefined;
  /** The text of a file if it is here, whoever asked for it. */
  known(path: string): string | undefined;
}

/** Reads files through a cache, since the same module is searched again and again. A cache that is full is emptied. */
export function createTextCache(read: (path: string) => string | undefined): TextCache {
  const texts = new Map<string, string | undefined>();
  let size = 0;
  return {
    known: (path) => texts.get(path),
    text(path) {
      if (texts.has(path)) return texts.get(path);
      const text = read(path);
      size += text?.length ?? 0;
      if (size > largestTextCache) {
        texts.clear();
        size = text?.length ?? 0;
      }
      texts.set(path, text);
      return text;
    },
  };
}
