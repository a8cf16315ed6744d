/** Offset of the parenthesis that closes the one at `open`; that of the last character where none does. */
export function matchingParen(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    const character = code.charCodeAt(at);
    if (character === 40) depth++;
    else if (character === 41 && --depth === 0) return at;
  }
  return code.length - 1;
}

/** A pair of parentheses, with the commas and semicolons directly between them, not in further brackets. */
export interface ParenPair {
  readonly open: number;
  readonly close: number;
  readonly commas: readonly number[];
  readonly hasSemicolon: boolean;
}

interface OpenBracket {
  readonly at: number;
  readonly closer: string;
  readonly commas: number[];
  hasSemicolon: boolean;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** All pairs of parentheses of a text, by the offset of the opening one. One that is never closed is left out. */
export function parenPairs(code: string): ReadonlyMap<number, ParenPair> {
  const pairs = new Map<number, ParenPair>();
  const stack: OpenBracket[] = [];
  const open: Record<string, number> = { ')': 0, ']': 0, '}': 0 };
  for (const match of code.matchAll(/[()[\]{},;]/g)) {
    const character = match[0];
    const top = stack.at(-1);
    const closer = closers[character];
    if (closer) {
      stack.push({ at: match.index, closer, commas: [], hasSemicolon: false });
      open[closer] = (open[closer] ?? 0) + 1;
    } else if (character === ',') top?.commas.push(match.index);
    else if (character === ';') {
      if (top) top.hasSemicolon = true;
    } else if ((open[character] ?? 0) > 0) {
      // Brackets that were opened inside, and are still open, are never closed.
      for (let inner = stack.pop(); inner; inner = stack.pop()) {
        open[inner.closer] = (open[inner.closer] ?? 0) - 1;
        if (inner.closer !== character) continue;
        if (character === ')')
          pairs.set(inner.at, {
            open: inner.at,
            close: match.index,
            commas: inner.commas,
            hasSemicolon: inner.hasSemicolon,
          });
        break;
      }
    }
  }
  return pairs;
}
