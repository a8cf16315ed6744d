import type { ListItem } from 'mdast';
import type { Write } from './compiler.js';
import { hang } from './fill.js';

/** What reST would read as markup in text. Source: docutils, reStructuredText Markup Specification. */
export const restEscapes: readonly (readonly [RegExp, string])[] = [
  [/\\/g, '\\\\'],
  [/([*|`])/g, '\\$1'],
  [/(\w)_(?=[\s.,;:)]|$)/g, '$1\\_'],
];

/** Text after every escape of a list, in its order. */
export function escapedBy(escapes: readonly (readonly [RegExp, string])[], value: string): string {
  return escapes.reduce((text, [sign, safe]) => text.replace(sign, safe), value);
}

/** An item of a list: its mark, then its blocks, indented by the width of the mark. */
export function listItem(mark: string, item: ListItem, write: Write): string {
  return hang(mark, write.narrower(mark.length).blocks(item.children));
}
