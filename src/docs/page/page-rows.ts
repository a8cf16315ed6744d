import { type WrittenRow, writtenRows } from './page-chunks.js';

/** A row of the page that differs from what the code does. */
interface RowDifference {
  /** 1-based, in the page as the tree has it. */
  readonly line: number;
  readonly message: string;
}

/** Compares the rows of a page with the rows that it should have. */
export function compareRows(before: string, after: string): readonly RowDifference[] {
  const [old, current] = [writtenRows(before), writtenRows(after)];
  const differences: RowDifference[] = [];
  for (const row of current) {
    const written = old.find((each) => isSame(each, row));
    if (!written) differences.push({ line: placeFor(row, old), message: missing(row) });
    else differences.push(...changes(written, row));
  }
  for (const row of old)
    if (!current.some((each) => isSame(each, row)))
      differences.push({
        line: row.line,
        message: `${row.subject} '${row.name}' of ${row.file} is listed, but the tree does not have it`,
      });
  return differences;
}

function isSame(left: WrittenRow, right: WrittenRow): boolean {
  return left.subject === right.subject && left.name === right.name && left.file === right.file;
}

/** The line of the table that a missing row belongs to. */
function placeFor({ subject }: WrittenRow, rows: readonly WrittenRow[]): number {
  return rows.find((row) => row.subject === subject)?.line ?? 1;
}

function missing({ subject, name, file }: WrittenRow): string {
  return `${subject} '${name}' of ${file} is not listed`;
}

function* changes(written: WrittenRow, row: WrittenRow): Iterable<RowDifference> {
  if (written.head.length !== row.head.length) {
    const where = row.head.length > 0 ? 'in the table' : 'in the list of exporters that neither pin nor invalidate';
    yield { line: written.line, message: `${row.subject} '${row.name}' belongs ${where}` };
    return;
  }
  for (const [index, cell] of row.cells.entries()) {
    const old = written.cells[index] ?? '';
    if (old === cell) continue;
    const column = row.head[index] ? ` '${row.head[index]?.trim().toLowerCase()}' is` : ' is';
    yield {
      line: written.line,
      message: `${row.subject} '${row.name}':${column} '${old}' on the page, and '${cell}' in the code`,
    };
  }
}
