/**
 * The characters that no output shows raw: a terminal obeys them, docutils ends a line at them, or they change the direction
 * of writing, so that text looks like what it is not. The inside of a character class; C0 control characters are not in it,
 * since each format treats tabs and line feeds its own way.
 */
export const deceptiveCharacters = String.raw`\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff`;

/** A character as the escape `\u001b`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const unseen = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f${deceptiveCharacters}]`, 'g');

/** Text from outside with such characters and control characters as escapes: `\u000d`. Tabs and line feeds stay. */
export function visible(text: string): string {
  return text.replace(unseen, unicodeEscape);
}
