/** Stands between words that must stay on one line; {@link fill} writes it as a blank. Elsewhere it is none: a line would begin with it. */
export const tie = '\u00a0';

/**
 * Breaks words into lines.
 * @param text white space separates words, whether blank, tab or line feed
 * @param width columns of a line; a longer word gets a line of its own
 * @param first columns of the first line that are taken already
 */
export function fill(text: string, width: number, first = 0): string {
  const lines: string[] = [];
  let line = '';
  let taken = first;
  for (const word of text.split(/\u00a0*[ \t\n]+\u00a0*|^\u00a0+|\u00a0+$/).filter(Boolean)) {
    if (line !== '' && taken + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
      taken = 0;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.join('\n').replaceAll(tie, ' ');
}

/** Puts a mark before the first line and indents the others by its width; blank lines stay blank. */
export function hang(mark: string, text: string): string {
  const indent = ' '.repeat(mark.length);
  return text
    .split('\n')
    .map((line, number) => (number === 0 ? mark + line : line === '' ? '' : indent + line))
    .join('\n');
}
