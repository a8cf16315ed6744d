/** Text that is safe to stand in a page: made by {@link html} only. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** Builds markup: what is put in is text, and stands there as text, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const pieces = strings.map((string, index) => `${string}${index < parts.length ? markupOf(parts[index] ?? '') : ''}`);
  return { markup: pieces.join('') };
}

/** Markup that is ours as it stands: a style sheet, a script. */
export function raw(markup: string): Markup {
  return { markup };
}

export const nothing: Markup = { markup: '' };

function markupOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('markup' in part) return part.markup;
  return part.map(({ markup }) => markup).join('');
}

/**
 * Text as a page shows it, in an attribute too. Control characters, and those that change the direction of writing, are
 * shown as escapes, so that nothing looks like what it is not.
 */
function escapeHtml(text: string): string {
  return text
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
