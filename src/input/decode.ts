const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/**
 * Text of a source file. Kernel files are UTF-8 but for a few old ones; what is not valid UTF-8 is read as Latin-1,
 * so that no byte can make a file unreadable. Offsets into the result are UTF-16 units.
 */
export function decodeSource(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
