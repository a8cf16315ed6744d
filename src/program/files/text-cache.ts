/** The texts kept have at most so many UTF-16 units together. */
const largestTextCache = 16 * 1024 * 1024;

/** Reads files through a cache, since the same module is searched again and again. A cache that is full is emptied. */
export function createTextCache(read: (path: string) => string | undefined): (path: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  let size = 0;
  return (path) => {
    if (texts.has(path)) return texts.get(path);
    const text = read(path);
    size += text?.length ?? 0;
    if (size > largestTextCache) {
      texts.clear();
      size = text?.length ?? 0;
    }
    texts.set(path, text);
    return text;
  };
}
