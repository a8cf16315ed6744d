/**
 * Finds where a JSON text holds strings, one after the other: a key, then what stands below it.
 * @returns the place of the last string that is found, 1-based; the beginning of the text if none is
 */
export function placeOfText(
  json: string,
  words: readonly string[],
): { readonly line: number; readonly column: number } {
  let [at, next] = [0, 0];
  for (const literal of json.matchAll(/"(?:[^"\\\n]|\\.)*"/g)) {
    if (next === words.length) break;
    if (textIn(literal[0]) !== words[next]) continue;
    at = literal.index;
    next++;
  }
  const before = json.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** The text that a JSON string stands for: escapes may spell the same in another way. */
function textIn(literal: string): string | null {
  try {
    return JSON.parse(literal);
  } catch {
    return null;
  }
}
