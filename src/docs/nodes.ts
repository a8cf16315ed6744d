import type {
  Emphasis,
  Heading,
  InlineCode,
  List,
  Paragraph,
  PhrasingContent,
  Strong,
  Table,
  TableCell,
  Text,
} from 'mdast';

/** Plain text, or nodes with markup. */
export type Words = string | readonly PhrasingContent[];

/** Text. */
export function text(value: string): Text {
  return { type: 'text', value };
}

/** Code within a line. */
export function code(value: string): InlineCode {
  return { type: 'inlineCode', value };
}

/** Emphasised text. */
export function emphasis(value: string): Emphasis {
  return { type: 'emphasis', children: [text(value)] };
}

/** Text that stands out. */
export function strong(value: string): Strong {
  return { type: 'strong', children: [text(value)] };
}

/** A heading. */
export function heading(depth: Heading['depth'], words: Words): Heading {
  return { type: 'heading', depth, children: phrasing(words) };
}

/** A paragraph. */
export function paragraph(words: Words): Paragraph {
  return { type: 'paragraph', children: phrasing(words) };
}

/** A list without numbers, each item one paragraph. */
export function list(items: readonly Words[]): List {
  return {
    type: 'list',
    ordered: false,
    spread: false,
    children: items.map((words) => ({ type: 'listItem', spread: false, children: [paragraph(words)] })),
  };
}

/** A table; the first row is its head. */
export function table(rows: readonly (readonly Words[])[]): Table {
  const cell = (words: Words): TableCell => ({ type: 'tableCell', children: phrasing(words) });
  return { type: 'table', children: rows.map((row) => ({ type: 'tableRow', children: row.map(cell) })) };
}

function phrasing(words: Words): PhrasingContent[] {
  return typeof words === 'string' ? [text(words)] : [...words];
}
