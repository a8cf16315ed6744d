import { isAscii, isUtf8 } from 'node:buffer';

/**
 * Text of a source file. Kernel files are UTF-8 but for a few old ones; what is not valid UTF-8 is read as Latin-1,
 * so that no byte can make a file unreadable. Offsets into the result are UTF-16 units.
 */
export function decodeSource(bytes: Buffer): string {
  // Most files are plain ASCII, which as Latin-1 becomes a string of one byte a character.
  return bytes.toString(isAscii(bytes) || !isUtf8(bytes) ? 'latin1' : 'utf8');
}
