/**
 * Breaks text at blanks into lines no longer than a width; a longer word gets a line of its own.
 * @param width in UTF-16 units; colours take no room
 * @param indent stands before each line but the first
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  // Blanks before the first word are its indent.
  let line = /^ */.exec(text)?.[0] ?? '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (widthOf(longer) > width && line.trim() !== '') {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return line.trim() === '' ? lines : [...lines, line];
}

/**
 * Breaks those lines of a text that are wider than a terminal. What is broken off is indented more than its line.
 * @param columns how wide lines may be; null for any width
 */
export function fitted(text: string, columns: number | null): string {
  if (columns === null) return text;
  const fit = (line: string): string =>
    widthOf(line) <= columns ? line : wrap(line, columns, `${/^ */.exec(line)?.[0]}    `).join('\n');
  return text.split('\n').map(fit).join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colourCodes = /\u001b\[[\d;]*m/g;

function widthOf(line: string): number {
  return line.replace(colourCodes, '').length;
}
