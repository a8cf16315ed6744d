import { isAscii, isUtf8 } from 'node:buffer';

/**
 * Decodes a source file. Kernel files are UTF-8 except for a few old ones; a file that is not valid UTF-8 is read as
 * Latin-1, so that no byte makes it unreadable. A byte order mark is dropped. Offsets into the result are UTF-16 units.
 */
export function decodeSource(bytes: Buffer): string {
  // Most files are plain ASCII. Decoded as Latin-1 they become strings with one byte per character.
  if (isAscii(bytes) || !isUtf8(bytes)) return bytes.toString('latin1');
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
