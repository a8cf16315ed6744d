/** The text of a TypeScript file with comments, strings and regular expressions blanked, for measures that read code only. */

const identifier = /[\w$]/;
/** An expression begins after one of these words, so a slash opens a regular expression. */
const beforeExpression = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|yield|await|void|delete|throw)$/;

/**
 * Blanks what is not code: every character of a comment, of a string, of a regular expression and of a template's text
 * becomes a space. Quotes, slashes and the code inside `${}` stay. Offsets and lines are those of the source.
 * @param source TypeScript without JSX
 */
export function codeOf(source: string): string {
  const code = source.split('');
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to; at++) if (code[at] !== '\n') code[at] = ' ';
  };
  // One entry for each open `${`: how many braces are open within it.
  const templates: number[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source[at] ?? '';
    if (source.startsWith('//', at)) at = skip(endOf(source, '\n', at), 0);
    else if (source.startsWith('/*', at)) at = skip(endOf(source, '*/', at + 2) + 2, 0);
    else if (character === "'" || character === '"') at = skip(endOfQuoted(source, at, character), 1);
    else if (character === '/' && opensExpression(source, at)) at = skip(endOfRegExp(source, at), 1);
    else if (character === '`') at = skipTemplate(at);
    else if (character === '}' && templates.at(-1) === 0) {
      templates.pop();
      at = skipTemplate(at);
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && character === '{') templates[depth] = (templates[depth] ?? 0) + 1;
      if (depth >= 0 && character === '}') templates[depth] = (templates[depth] ?? 0) - 1;
      at++;
    }
  }
  return code.join('');

  /** Blanks the text up to an end, but keeps some characters on either side. */
  function skip(end: number, delimiters: number): number {
    blank(at + delimiters, end - delimiters);
    return end;
  }

  /** Blanks the text of a template from its backtick, or from the brace that closes `${`, to its end or the next `${`. */
  function skipTemplate(from: number): number {
    let end = from + 1;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end))
      end += source[end] === '\\' ? 2 : 1;
    blank(from + 1, end);
    if (source[end] === '`') return end + 1;
    templates.push(0);
    return end + 2;
  }
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found;
}

function endOfQuoted(source: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < source.length && source[at] !== quote) at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfRegExp(source: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  for (; at < source.length && source[at] !== '\n'; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') inClass = true;
    else if (source[at] === ']') inClass = false;
    else if (source[at] === '/' && !inClass) break;
  }
  return at + 1;
}

/** Whether a slash stands where an expression begins: then it opens a regular expression, and does not divide. */
function opensExpression(source: string, slash: number): boolean {
  let at = slash - 1;
  while (at >= 0 && /\s/.test(source[at] ?? '')) at--;
  const before = source[at] ?? '';
  if (identifier.test(before)) return beforeExpression.test(source.slice(Math.max(0, at - 10), at + 1));
  return !/[)\]}'"`]/.test(before);
}
