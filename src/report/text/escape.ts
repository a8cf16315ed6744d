import { deceptiveCharacters, unicodeEscape } from '../../base/visible.js';

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
