/** Bytes of an encoded word: in Base64, with `=?UTF-8?B?` and `?=`, they stay within the 75 characters of RFC 2047. */
const most = 45;
/** A line of a mail may have 998 characters; a longer text is encoded, which folds it. */
const mostOfLine = 900;

/** Encodes the text of a mail header as RFC 2047 asks; short ASCII text stays as it is. */
export function encodeHeader(text: string): string {
  // A mail program would decode text that looks like an encoded word.
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && text.length <= mostOfLine) return text;
  return chunks(text)
    .map((chunk) => `=?UTF-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`)
    .join('\n ');
}

/**
 * Writes a person, `name <address>` or an address alone, for a header that lists addresses, as exactly one of them: text
 * from a patch cannot add another.
 * @returns null where it holds no address that can be written
 */
export function encodePerson(person: string): string | null {
  const [, name = '', bracketed] = /^(.*?)\s*<([^<>]*)>$/.exec(person) ?? [];
  const address = bracketed ?? person;
  // What RFC 5322 calls an address without quotes and comments; nobody needs another one.
  if (!/^[\w.!#$%&'*+/=?^`{|}~-]{1,200}@[\w.-]{1,200}$/.test(address) || address.includes('=?')) return null;
  const plain = name.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
  if (plain === '') return address;
  const encoded = encodeHeader(plain);
  if (encoded !== plain || /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(plain)) return `${encoded} <${address}>`;
  return `"${plain.replace(/["\\]/g, '\\$&')}" <${address}>`;
}

/** Writes a message id with its brackets; null where it is none, which would begin another header or another id. */
export function encodeMessageId(id: string): string | null {
  return /^[\w.!#$%&'*+/=?^`{|}~@[\]:-]{1,900}$/.test(id) ? `<${id}>` : null;
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
