import { deceptiveCharacters, unicodeEscape } from '../../base/visible.js';

const unsafe = new RegExp(`[${deceptiveCharacters}]`, 'g');

/**
 * Writes a value as indented JSON that ends in a line feed. Characters that control a terminal or change the direction
 * of writing become `\u…`: a program reads them unchanged, a person sees them.
 */
export function formatJsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(unsafe, unicodeEscape)}\n`;
}
