import { plain, type WrittenRow, writtenRows } from './written-rows.js';

/** A row of the page that differs from what the code does. */
interface RowDifference {
  /** 1-based, in the page as the tree has it. */
  readonly line: number;
  /** At most 120 characters. */
  readonly message: string;
}

/**
 * Compares the rows of a page with the rows that it should have. A driver that came, went or changed is told once, not again
 * for each exporter that it meets.
 */
export function compareRows(before: string, after: string): readonly RowDifference[] {
  const [old, current] = [writtenRows(before), writtenRows(after)];
  const told = new Set<string>();
  const differences: RowDifference[] = [];
  const tell = ({ name }: WrittenRow, line: number, message: string): void => {
    told.add(name);
    differences.push({ line, message: message.length > 120 ? `${message.slice(0, 117)}...` : message });
  };
  for (const row of current.filter(isDriver)) {
    const written = old.find((each) => isSame(each, row));
    if (!written) tell(row, placeFor(row, old), `${titleOf(row)} is not listed`);
    else for (const change of changes(written, row)) tell(row, written.line, `${titleOf(row)}${change}`);
  }
  for (const row of old.filter(isDriver))
    if (!current.some((each) => isSame(each, row)))
      tell(row, row.line, `${titleOf(row)} is listed, but the tree does not have it`);
  for (const row of current) {
    const written = old.find((each) => isSame(each, row));
    if (isDriver(row) || told.has(row.name)) continue;
    for (const { importer, message } of pairChanges(written, row))
      if (![...told].some((name) => isNamed(name, importer)))
        tell({ ...row, name: importer }, written?.line ?? 1, message);
  }
  return differences;
}

/** Several drivers that share ops are named by the ops in the lists of the exporters. */
function isNamed(name: string, importer: string): boolean {
  return name === importer || name.endsWith(` (${importer})`);
}

function isDriver({ subject }: WrittenRow): boolean {
  return subject !== 'negotiation';
}

function titleOf({ subject, name }: WrittenRow): string {
  return `${subject} '${name}'`;
}

function isSame(left: WrittenRow, right: WrittenRow): boolean {
  return left.subject === right.subject && left.name === right.name;
}

/** The line of the table that a missing row belongs to. */
function placeFor({ subject }: WrittenRow, rows: readonly WrittenRow[]): number {
  return rows.find((row) => row.subject === subject)?.line ?? 1;
}

function* changes(written: WrittenRow, row: WrittenRow): Iterable<string> {
  if (written.head.length !== row.head.length) {
    yield row.head.length > 0 ? ' belongs in the table' : ' belongs in the list without a table';
    return;
  }
  for (const [index, cell] of row.cells.entries()) {
    const old = written.cells[index] ?? '';
    if (old === cell) continue;
    const column = row.head[index] ? ` '${row.head[index]?.trim().toLowerCase()}' is` : ' is';
    yield `:${column} '${old}' on the page, and '${cell}' in the code`;
  }
}

/** The importers of which an exporter's list says something else than the code. */
function* pairChanges(
  written: WrittenRow | undefined,
  row: WrittenRow,
): Iterable<{ readonly importer: string; readonly message: string }> {
  const [old, current] = [verdictsIn(written?.cells ?? []), verdictsIn(row.cells)];
  for (const importer of new Set([...old.keys(), ...current.keys()])) {
    const [before, after] = [old.get(importer) ?? 'missing', current.get(importer) ?? 'missing'];
    if (before !== after)
      yield {
        importer,
        message: `'${importer}' with exporter '${row.name}': '${before}' on the page, and '${after}' in the code`,
      };
  }
}

function verdictsIn(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [verdict = '', names = ''] = line.split(/: (.*)/);
      return names.split(', ').map((name) => [plain(name), verdict] as const);
    }),
  );
}
