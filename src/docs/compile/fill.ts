/** Between words that belong on one line; it is written as a blank. */
export const tie = '\u00a0';

/**
 * Breaks words into lines.
 * @param text white space in it is equal, line feeds too
 * @param width columns that a line may take; a word that is longer stands on a line of its own
 * @param first columns that the first line has already lost
 */
export function fill(text: string, width: number, first = 0): string {
  const lines: string[] = [];
  let line = '';
  let taken = first;
  for (const word of text.split(/[ \t\n]+/).filter(Boolean)) {
    if (line !== '' && taken + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
      taken = 0;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.join('\n').replaceAll(tie, ' ');
}

/** Puts a mark before the first line and as many columns before the others; blank lines stay blank. */
export function hang(mark: string, text: string): string {
  const indent = ' '.repeat(mark.length);
  return text
    .split('\n')
    .map((line, number) => (number === 0 ? mark + line : line === '' ? '' : indent + line))
    .join('\n');
}
