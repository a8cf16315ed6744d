/** So many bytes in Base64 leave room for the frame of an encoded word, which has 75 characters at most. */
const most = 45;

/**
 * The text of a mail's header: words that are not ASCII are encoded, an address in angle brackets stays.
 * Source: RFC 2047.
 */
export function encodeHeader(text: string): string {
  const [, name = text, address = ''] = /^(.*?)(\s*<[^<>]*>)$/.exec(text) ?? [];
  // What looks like an encoded word already would be read as one.
  if (/^[\x20-\x7e]*$/.test(name) && !name.includes('=?')) return text;
  return `${chunks(name)
    .map((chunk) => `=?UTF-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`)
    .join('\n ')}${address}`;
}

/** Pieces of so many bytes at most, none of which ends within a character. */
function chunks(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > most) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
