/** The characters of names, the rarest in the C sources of Linux 7.3 first. */
const byFrequency = 'JZjQYzK79WqVH5X6UGB4y83FkOPwLMDN21SCIgARbhvTEmxpuflocdan0sirt_e';

/** The shortest part of a word that is searched for. The search stops at each occurrence of its first character. */
const shortestProbe = 5;
/** For longer parts Node uses another algorithm, which is slower here. */
const longestProbe = 7;

/**
 * Makes a function that finds a word in bytes, also inside longer words. It searches for the part that begins with the
 * rarest character, which is twice as fast as a search for the whole word.
 * @returns a function that returns the offset of the next occurrence at or after `from`, or -1
 */
export function wordFinder(word: string): (bytes: Buffer, from?: number) => number {
  const whole = Buffer.from(word);
  const start = rarestStart(word);
  const probe = whole.subarray(start, start + longestProbe);
  return (bytes, from = 0) => {
    for (let at = bytes.indexOf(probe, from + start); at >= 0; at = bytes.indexOf(probe, at + 1))
      if (isAt(bytes, at - start, whole)) return at - start;
    return -1;
  };
}

/** In strings, for longer parts Node uses another algorithm, which is slower. */
const longestTextProbe = 6;
/** The last word, since callers search many texts for one word. */
let last: { readonly word: string; readonly start: number; readonly probe: string } | undefined;

/** Whether a text contains a word, also inside longer words: the result of `text.includes(word)`, twice as fast. */
export function textIncludes(text: string, word: string): boolean {
  if (last?.word !== word) {
    const start = rarestStart(word);
    last = { word, start, probe: word.slice(start, start + longestTextProbe) };
  }
  const { start, probe } = last;
  for (let at = text.indexOf(probe, start); at >= 0; at = text.indexOf(probe, at + 1))
    if (text.startsWith(word, at - start)) return true;
  return false;
}

/** The offset at which the searched part of a word begins: 0 unless the word is an ASCII name. */
function rarestStart(word: string): number {
  if (!/^\w*$/.test(word)) return 0;
  let best = 0;
  for (let at = 1; at + shortestProbe <= word.length; at++)
    if (byFrequency.indexOf(word[at] ?? '') < byFrequency.indexOf(word[best] ?? '')) best = at;
  return best;
}

function isAt(bytes: Buffer, start: number, word: Buffer): boolean {
  if (start + word.length > bytes.length) return false;
  for (let index = 0; index < word.length; index++) if (bytes[start + index] !== word[index]) return false;
  return true;
}
