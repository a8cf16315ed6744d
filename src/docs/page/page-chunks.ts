import { folded } from '../comments/statements.js';

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

/** Whether a chunk is a generated table or list; those are always written again. */
export function isFacts({ text }: Chunk): boolean {
  return (
    text.startsWith('.. list-table::') ||
    text.split('\n').every((line) => /^- (?:``\w+``|\w+\(\))(?: \(|$)|^ {2}\S/.test(line))
  );
}

/** A row of a generated table, or an item of a generated list, as a page has it. */
export interface WrittenRow {
  /** What the row is about: `importer`, `static importer`, `exporter`. */
  readonly subject: string;
  /** The name in its first cell. */
  readonly name: string;
  /** Where it is defined; a name alone is not unique. */
  readonly file: string;
  readonly cells: readonly string[];
  /** The names of the columns; empty in a list. */
  readonly head: readonly string[];
  readonly line: number;
}

/** The rows of all generated tables and lists of a page. */
export function writtenRows(page: string): readonly WrittenRow[] {
  return chunksOf(page)
    .filter(isFacts)
    .flatMap((chunk) => (chunk.text.startsWith('..') ? tableRows(chunk) : listRows(chunk)));
}

function tableRows({ text, line }: Chunk): readonly WrittenRow[] {
  const rows: { cells: string[]; line: number }[] = [];
  text.split('\n').forEach((written, number) => {
    const [, bullet, words] = /^ {3}([* ]) - ?(.*)$/.exec(written) ?? [];
    if (bullet === '*') rows.push({ cells: [words ?? ''], line: line + number });
    else if (bullet !== undefined) rows.at(-1)?.cells.push(words ?? '');
    else if (/^ {7}\S/.test(written)) {
      const cells = rows.at(-1)?.cells;
      if (cells) cells.push(`${cells.pop() ?? ''} ${written.trim()}`);
    }
  });
  const [head, ...body] = rows;
  const subject = head?.cells[0]?.trim().toLowerCase() ?? '';
  return body.map(({ cells, line: at }) => ({
    subject,
    name: nameIn(cells[0] ?? ''),
    file: fileIn(cells[1] ?? ''),
    cells: cells.map(folded),
    head: head?.cells ?? [],
    line: at,
  }));
}

function listRows({ text, line }: Chunk): readonly WrittenRow[] {
  const items: { text: string; line: number }[] = [];
  text.split('\n').forEach((written, number) => {
    const last = items.at(-1);
    if (written.startsWith('- ')) items.push({ text: written.slice(2), line: line + number });
    else if (last) last.text += ` ${written.trim()}`;
  });
  return items.map((item) => ({
    subject: /^\S+\(\)/.test(item.text) ? 'static importer' : 'exporter',
    name: nameIn(item.text),
    file: fileIn(item.text),
    cells: [folded(item.text)],
    head: [],
    line: item.line,
  }));
}

function fileIn(cell: string): string {
  return /[\w.+-]+(?:\/[\w.+-]+)+/.exec(cell)?.[0] ?? '';
}

function nameIn(cell: string): string {
  return /\w+/.exec(cell)?.[0] ?? cell;
}
