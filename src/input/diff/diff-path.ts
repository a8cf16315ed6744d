import { ownValue } from '../../base/own-value.js';
import { decodeSource } from '../tree/decode.js';

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A name in a diff, and the number of characters it takes in the line. */
export interface DiffName {
  readonly name: string;
  readonly length: number;
}

/**
 * Reads a name in git's C quotes, such as `"a/dr\303\274cke.c"`, at the start of a text that holds bytes as Latin-1.
 * @returns undefined if the quoting is malformed
 */
export function readQuoted(text: string): DiffName | undefined {
  const bytes: number[] = [];
  for (let at = 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return { name: decodeSource(Buffer.from(bytes)), length: at + 1 };
    if (character !== '\\') {
      bytes.push(character.charCodeAt(0));
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
    const byte = octal === undefined ? ownValue(escapes, text[at + 1] ?? '') : Number.parseInt(octal, 8);
    if (byte === undefined) return undefined;
    bytes.push(byte);
    at += octal === undefined ? 1 : 3;
  }
  return undefined;
}

/** Reads a whole name, quoted or not. After a tab comes a date, which is dropped. */
export function readName(text: string): string {
  const quoted = text.startsWith('"') ? readQuoted(text)?.name : undefined;
  return quoted ?? decodeSource(Buffer.from(text.replace(/\t.*$/, ''), 'latin1'));
}

/** Removes the first folder of a name, as `patch -p1` does: `a/drivers/x.c` → `drivers/x.c`. Null for `/dev/null`. */
export function withoutPrefix(name: string): string | null {
  return name === '/dev/null' ? null : name.replace(/^[^/]+\//, '');
}

/** Characters that some file systems ignore: a name with them can mean another file. */
const unseen = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** The reason why a path in a patch must be refused; undefined for a plain path inside the tree. */
export function pathTrouble(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (/\p{Cc}/u.test(path)) return 'holds a control character';
  if (path.includes('\\')) return 'holds a backslash';
  if (path.startsWith('/')) return 'is absolute';
  if (/^[a-z]:/i.test(path)) return 'names a drive';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leads out of the tree';
  if (parts.includes('.') || parts.includes('')) return 'is not a plain path';
  if (parts.some(passesForGit)) return 'leads into .git';
  return undefined;
}

/** Whether some file system takes a name for `.git`: it may ignore case, final dots and streams, or use short names. */
function passesForGit(part: string): boolean {
  const seen = part.replace(unseen, '').toLowerCase();
  return /^(?:\.git|git~\d+)[. ]*(?::.*)?$/.test(seen);
}
