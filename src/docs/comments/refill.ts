import { fill } from '../compile/fill.js';

const columns = 80;

/** The columns of a line whose tabs are 8 wide. */
export function columnsOf(line: string): number {
  let column = 0;
  for (const sign of line) column += sign === '\t' ? 8 - (column % 8) : 1;
  return column;
}

/**
 * Breaks a line that has become longer than 80 columns: fills the rest of its paragraph again.
 * @param text C with comments, or reST
 * @param at an offset in the line
 */
export function refillFrom(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const lines = text.slice(start).split('\n');
  const [first = ''] = lines;
  if (columnsOf(first) <= columns) return text;
  const prefix = /^\s*(?:\/?\*+(?= ))?[ \t]*/.exec(first)?.[0] ?? '';
  const mark = /^(?:[-*•]|\d+[.)]|@\w+:)[ \t]+/.exec(first.slice(prefix.length))?.[0] ?? '';
  const below = prefix.replace(/\/\*+/, ' *');
  const indent = mark.startsWith('@') || mark === '' ? below : below + ' '.repeat(mark.length);
  let end = 1;
  while (goesOn(lines[end], indent)) end++;
  const words = [
    first.slice(prefix.length + mark.length),
    ...lines.slice(1, end).map((line) => line.slice(indent.length)),
  ];
  const filled = fill(words.join(' '), columns - columnsOf(indent), columnsOf(prefix + mark) - columnsOf(indent)).split(
    '\n',
  );
  const written = filled.map((line, number) => (number === 0 ? prefix + mark : indent) + line);
  return text.slice(0, start) + [...written, ...lines.slice(end)].join('\n');
}

/** Whether a line belongs to the same paragraph: it has the same indentation and begins no list item. */
function goesOn(line: string | undefined, indent: string): boolean {
  if (line === undefined || !line.startsWith(indent)) return false;
  return /^(?![-*•]\s|\d+[.)]\s|@\w+:|\/)\S/.test(line.slice(indent.length));
}
