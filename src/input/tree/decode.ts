import { isAscii, isUtf8 } from 'node:buffer';

/**
 * Text of a source file. Kernel files are UTF-8 but for a few old ones; what is not valid UTF-8 is read as Latin-1,
 * so that no byte can make a file unreadable. A byte order mark is no part of the text. Offsets into the result are
 * UTF-16 units.
 */
export function decodeSource(bytes: Buffer): string {
  // Most files are plain ASCII, which as Latin-1 becomes a string of one byte a character.
  if (isAscii(bytes) || !isUtf8(bytes)) return bytes.toString('latin1');
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
