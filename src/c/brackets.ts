/** Offset of the parenthesis that closes the one at `open`; the last character where none does. */
export function matchingParen(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    const character = code.charCodeAt(at);
    if (character === 40) depth++;
    else if (character === 41 && --depth === 0) return at;
  }
  return code.length - 1;
}
