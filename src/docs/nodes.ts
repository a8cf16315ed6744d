import type { Heading, Paragraph, PhrasingContent, Table, TableCell } from 'mdast';

/** Text, or nodes that are more than text. */
export type Words = string | readonly PhrasingContent[];

/** A heading. */
export function heading(depth: Heading['depth'], words: Words): Heading {
  return { type: 'heading', depth, children: phrasing(words) };
}

/** A paragraph. */
export function paragraph(words: Words): Paragraph {
  return { type: 'paragraph', children: phrasing(words) };
}

/** A table; the first row is its head. */
export function table(rows: readonly (readonly Words[])[]): Table {
  const cell = (words: Words): TableCell => ({ type: 'tableCell', children: phrasing(words) });
  return { type: 'table', children: rows.map((row) => ({ type: 'tableRow', children: row.map(cell) })) };
}

function phrasing(words: Words): PhrasingContent[] {
  return typeof words === 'string' ? [{ type: 'text', value: words }] : [...words];
}
