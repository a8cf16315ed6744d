/** The text with every run of white space made one blank. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Splits a text at a separator, where that stands outside of all brackets. */
export function splitTopLevel(text: string, separator: string): readonly string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
