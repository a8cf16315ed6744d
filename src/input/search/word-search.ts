/** Characters of names by how often they stand in the C sources of Linux 7.3, rarest first. */
const byFrequency = 'JZjQYzK79WqVH5X6UGB4y83FkOPwLMDN21SCIgARbhvTEmxpuflocdan0sirt_e';

/** A search that begins at a character goes from one of these to the next: it should be a rare one. */
const shortestProbe = 5;
/** What is longer, Node looks for in another way, which is slower here. */
const longestProbe = 7;

/**
 * Makes what finds a word in bytes, in the middle of other words too. Of the word, that part is looked for which begins
 * with its rarest character: twice as fast as the whole.
 * @returns the offset where the word begins, from an offset on, or -1
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

/** In texts, what is longer than this is looked for in another way, which is slower. */
const longestTextProbe = 6;
/** The word that was looked for last: one is looked for in many texts. */
let last: { readonly word: string; readonly start: number; readonly probe: string } | undefined;

/** Whether a word stands in a text, in the middle of other words too: as `text.includes(word)`, twice as fast. */
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

/** Where the part begins that is looked for, in bytes: only names of ASCII have one that is not the whole. */
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
