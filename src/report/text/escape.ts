/**
 * The characters that no format shows raw: a terminal obeys them, or they change the direction of writing, so that text
 * looks like what it is not. The inside of a character class; C0 control characters are not in it, since each format
 * treats tabs and line feeds its own way.
 */
export const deceptiveCharacters = String.raw`\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff`;

/** A character as the escape `\u001b`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const unsafe = new RegExp(String.raw`[\u0000-\u0008\u000a-\u001f${deceptiveCharacters}]`, 'g');

/**
 * Makes text from a tree or a patch safe for a terminal: shows control characters, line breaks and characters that
 * change the direction of writing as escapes. Tabs stay.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(character);
  });
}
