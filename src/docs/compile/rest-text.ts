import type { ListItem } from 'mdast';
import { visible } from '../../base/visible.js';
import type { Write } from './compiler.js';
import { hang } from './fill.js';

/** Signs that are markup somewhere, and how they are written where they are not. */
type Escapes = readonly (readonly [RegExp, string])[];

/** What reST would read as markup in plain words. Source: docutils, reStructuredText Markup Specification. */
const escapes: Escapes = [
  [/\\/g, '\\\\'],
  [/([*|`])/g, '\\$1'],
  // References: a word with one or two of them at its end. The letters and signs of all languages count. To docutils a
  // word also ends before a backslash, whatever that escapes.
  [/(?<=[\p{L}\p{N}\p{M}\]_])_(?=_*(?:[\s.,;:!?)\]}>'"/\\-]|(?![!-~])[\p{P}\p{S}]|$))/gu, '\\_'],
  // An address by itself becomes a link. Those of the web may; these would run or show what is not theirs.
  [/\b(javascript|vbscript|data|file):/gi, '$1\\:'],
];

/** Words from anywhere as plain words of reST. */
export function escapeRest(text: string): string {
  return escapes.reduce((safe, [sign, written]) => safe.replace(sign, written), visible(text));
}

/** An inline literal: it has no escapes, so what would end it, or keep it from beginning, is written as plain words. */
export function literal(text: string, orElse: (text: string) => string = escapeRest): string {
  return /^[^\s`](?:[^`\n]*[^\s`])?$/.test(text) ? `\`\`${visible(text)}\`\`` : orElse(text);
}

/** How a list item, a directive, a comment, a target, a field, a doctest or a table begins. */
const blockStart = new RegExp(
  [
    String.raw`(?:[-+•‣⁃]|\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)]|\.\.|__|>>>)(?:\s|$)`,
    String.raw`:[^:\s]`,
    String.raw`\+[-=]`,
  ].join('|'),
);

/** The line above or below a title, or the border of a table. It may stand anywhere where words are broken into lines. */
const ruler = /^(?=([!-/:-@[-\x60{-~])\1{2,}[ \t]*$|=+(?: +=+)+[ \t]*$)/gm;

/**
 * A paragraph whose first words look like the beginning of something else is none of that, and neither does one of its
 * lines make a title of the others, nor its end a literal block of the next paragraph.
 */
export function guarded(paragraph: string): string {
  const safe = paragraph.replace(ruler, '\\').replace(/::$/, ':\\:');
  return safe.search(blockStart) === 0 ? `\\${safe}` : safe;
}

/** An item of a list: its mark, then its blocks, indented by the width of the mark. */
export function listItem(mark: string, item: ListItem, write: Write): string {
  return hang(mark, write.narrower(mark.length).blocks(item.children));
}
