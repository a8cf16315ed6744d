/** Bytes of an encoded word: in Base64, with `=?UTF-8?B?` and `?=`, they stay within the 75 characters of RFC 2047. */
const most = 45;

/** Encodes the text of a mail header as RFC 2047 asks; ASCII text and an address in angle brackets stay as they are. */
export function encodeHeader(text: string): string {
  const [, name = text, address = ''] = /^(.*?)(\s*<[^<>]*>)$/.exec(text) ?? [];
  // A mail program would decode text that looks like an encoded word.
  if (/^[\x20-\x7e]*$/.test(name) && !name.includes('=?')) return text;
  return `${chunks(name)
    .map((chunk) => `=?UTF-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`)
    .join('\n ')}${address}`;
}

/** Pieces of at most that many bytes; none ends within a character. */
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
