import { folded } from '../comments/statements.js';
import { type Chunk, chunksOf, isFacts } from './page-chunks.js';

/** A row of a generated table, or an item of a generated list, as a page has it. */
export interface WrittenRow {
  /** `negotiation` is what an exporter's list says of the importers. */
  readonly subject: 'importer' | 'static importer' | 'exporter' | 'negotiation';
  /** The driver, and its ops where they are named. */
  readonly name: string;
  readonly cells: readonly string[];
  /** The names of the columns; empty in a list. */
  readonly head: readonly string[];
  /** 1-based. */
  readonly line: number;
}

/** The rows of all generated tables and lists of a page. */
export function writtenRows(page: string): readonly WrittenRow[] {
  let before = '';
  return chunksOf(page).flatMap((chunk) => {
    if (!isFacts(chunk)) {
      before = chunk.text;
      return [];
    }
    return chunk.text.startsWith('..') ? tableRows(chunk) : listRows(chunk, before);
  });
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
  const subject = head?.cells[0]?.trim() === 'Exporter' ? 'exporter' : 'importer';
  return body.map(({ cells, line: at }) => ({
    subject,
    name: plain(cells[0] ?? ''),
    cells: cells.map(folded),
    head: head?.cells ?? [],
    line: at,
  }));
}

/** @param before the paragraph above the list: it says whose list it is */
function listRows({ text, line }: Chunk, before: string): readonly WrittenRow[] {
  const items: { text: string; lines: string[]; line: number }[] = [];
  text.split('\n').forEach((written, number) => {
    const last = items.at(-1);
    if (written.startsWith('- ')) items.push({ text: written.slice(2), lines: [], line: line + number });
    else if (written.startsWith('  - ')) last?.lines.push(written.slice(4));
    else if (written !== '' && last) last.lines.push(`${last.lines.pop() ?? ''} ${written.trim()}`);
  });
  return items.map((item) => ({
    subject: item.lines.length > 0 ? 'negotiation' : /exporters/i.test(before) ? 'exporter' : 'static importer',
    name: plain(item.text),
    cells: item.lines.length > 0 ? item.lines.map(folded) : [folded(item.text)],
    head: [],
    line: item.line,
  }));
}

/** A name without markup. */
export function plain(text: string): string {
  return folded(text.replaceAll('`', ''));
}
