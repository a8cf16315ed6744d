import { visible } from '../../base/visible.js';

/** Text that is safe in a page; only {@link html} and {@link raw} make it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** Builds markup: escapes every part that is not markup already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const pieces = strings.map((string, index) => `${string}${index < parts.length ? markupOf(parts[index] ?? '') : ''}`);
  return { markup: pieces.join('') };
}

/** Takes text of our own as markup, unescaped: a style sheet, a script. */
export function raw(markup: string): Markup {
  return { markup };
}

/** Empty markup. */
export const nothing: Markup = { markup: '' };

function markupOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('markup' in part) return part.markup;
  return part.map(({ markup }) => markup).join('');
}

/**
 * Escapes text for a page, also within an attribute. Control characters and characters that change the direction of
 * writing become visible escapes.
 */
function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
