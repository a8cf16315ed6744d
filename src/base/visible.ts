/**
 * Control characters, other line ends than the line feed (U+0085, U+2028, U+2029, and all at which Python ends a line:
 * docutils reads reST that way), and characters that change the direction of writing.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text from outside with such characters as escapes: `\u000d`. Tabs and line feeds stay. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
