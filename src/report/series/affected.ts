import { fullName, type TableNames } from './table-names.js';

/** Whom a series concerns besides those whose files it changes. */
export interface Affected {
  /** Ops tables outside of the series that it makes behave in another way, or about which it adds findings. */
  readonly tables: readonly AffectedTable[];
  /** Who maintains their files and did not get the mails, as `Name <address>`, or the address of a list. */
  readonly tell: readonly string[];
  /** What people call the importers and exporters of the trees before and after. */
  readonly names: TableNames;
}

export interface AffectedTable {
  readonly name: string;
  readonly file: string;
  /** The drivers that use the table, where they are others than that of its file. */
  readonly drivers: readonly string[];
}

/** The most tables and the most people that are listed. */
const most = 20;

/** Paragraphs on whom a series concerns, each a heading and items. */
export function affectedParts({ tables, tell, names }: Affected): readonly (readonly string[])[] {
  return [
    part(
      'Affected outside of the series:',
      tables.map((table) => tableWords(table, names)),
    ),
    part('By MAINTAINERS, they should hear of it, and did not get the mails:', tell),
  ].filter((lines) => lines.length > 0);
}

/** A table, its file, and the drivers behind it. */
function tableWords({ name, file, drivers }: AffectedTable, names: TableNames): string {
  return `${fullName(names, `${file}:${name}`)} in ${file}${drivers.length > 0 ? `, behind it: ${drivers.join(', ')}` : ''}`;
}

function part(head: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const more = items.length - most;
  return [head, ...items.slice(0, most).map((item) => `- ${item}`), ...(more > 0 ? [`- and ${more} more`] : [])];
}
