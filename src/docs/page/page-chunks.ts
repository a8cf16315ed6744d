import { lineOpening, negotiationLines } from '../drivers/negotiation-rows.js';

/** A part of a reST page between blank lines, with what is indented below it: a paragraph, a title, a list. */
export interface Chunk {
  readonly text: string;
  /** 1-based line of its first line. */
  readonly line: number;
}

/** Splits a page into its chunks. */
export function chunksOf(page: string): readonly Chunk[] {
  const chunks: { lines: string[]; line: number }[] = [];
  let isAfterBlank = true;
  page.split('\n').forEach((line, number) => {
    const last = chunks.at(-1);
    if (line.trim() === '') {
      last?.lines.push('');
      isAfterBlank = true;
      return;
    }
    const belongs = last !== undefined && (!isAfterBlank || /^\s/.test(line));
    if (belongs) last.lines.push(line);
    else chunks.push({ lines: [line], line: number + 1 });
    isAfterBlank = false;
  });
  return chunks.map(({ lines, line }) => ({ text: lines.join('\n').trimEnd(), line }));
}

const openings = negotiationLines.map(lineOpening).join('|');
/** A line of a generated list: a driver with its ops, or below an exporter a verdict with its importers. */
const factLine = new RegExp(
  [
    String.raw`^- (?:[\w.+-]+(?: \(\x60{2}\w+\x60{2}\))?|\x60{2}\w+\x60{2})$`,
    `^ {2}- (?:${openings}): `,
    String.raw`^ {4}\S|^$`,
  ].join('|'),
);

/** Whether a chunk is a generated table or list; those are always written again. */
export function isFacts({ text }: Chunk): boolean {
  return text.startsWith('.. list-table::') || text.split('\n').every((line) => factLine.test(line));
}
