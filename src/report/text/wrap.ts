/**
 * Breaks text at blanks into lines no longer than a width; a longer word gets a line of its own.
 * @param width in UTF-16 units
 * @param indent stands before each line but the first
 */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  // Blanks before the first word are its indent.
  let line = /^ */.exec(text)?.[0] ?? '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (longer.length > width && line.trim() !== '') {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return line.trim() === '' ? lines : [...lines, line];
}
