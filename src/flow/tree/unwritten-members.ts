// `if (buf->import) …`, and nothing ever fills `buf->import`: a driver that began as a copy of another one has such members.

import type { Expression, FunctionUnit, StructOutline } from '../../c/index.js';
import { type Codebase, memoByFile, plain } from '../../program/index.js';
import { structTagOf } from '../calls/escape.js';

/**
 * Whether a member, as its object is declared, is NULL for ever: a pointer to a struct in a struct that only one file knows, and
 * which no code of this file fills, though it makes such objects. Who makes them clears them.
 */
export function isNeverWritten(codebase: Codebase, unit: FunctionUnit, expression: Expression): boolean {
  if (expression.kind !== 'member' || !expression.arrow) return false;
  const owners = unwrittenIn(codebase, unit.path).filter(({ member }) => member === expression.member);
  if (owners.length === 0) return false;
  const tag = structTagOf(codebase, unit, expression.object);
  return owners.some((owner) => owner.tag === tag);
}

interface Unwritten {
  readonly tag: string;
  readonly member: string;
}

function unwrittenIn(codebase: Codebase, path: string): readonly Unwritten[] {
  return memoByFile(codebase, path, 'unwritten-members', () => findUnwritten(codebase, path), plain());
}

function findUnwritten({ program }: Codebase, path: string): readonly Unwritten[] {
  const file = program.file(path);
  // What another file includes, that file can fill.
  if (!file || !path.endsWith('.c') || program.translationUnit(path).length > 1) return [];
  // Macros are no part of the code, and may fill members, too.
  const { text } = file;
  return file.unit.structs
    .filter((struct) => isMadeIn(text, struct.tag) && !isUnion(text, struct) && !isFilledInOrder(text, struct.tag))
    .flatMap(({ tag, fields }) =>
      fields
        .filter(
          ({ name, type, pointer, isFunction }) => pointer && !isFunction && /\bstruct\b/.test(type) && name !== '',
        )
        .filter(({ name }) => text.includes(`->${name}`) && !writeOf(name).test(text))
        .map(({ name }) => ({ tag, member: name })),
    );
}

/**
 * Whether a file makes objects of a struct: it asks for their size, `sizeof(*buf)`, as for an allocation. Else more code belongs
 * to the driver than the file shows.
 */
function isMadeIn(text: string, tag: string): boolean {
  if (new RegExp(`\\bsizeof\\s*\\(\\s*struct\\s+${tag}\\s*\\)`).test(text)) return true;
  const pointers = text.matchAll(new RegExp(`\\bstruct\\s+${tag}\\s*\\*\\s*(\\w+)`, 'g'));
  const names = new Set([...pointers].map(([, name = '']) => name));
  return [...text.matchAll(/\bsizeof\s*\(\s*\*\s*(\w+)\s*\)/g)].some(([, name = '']) => names.has(name));
}

/** Whether members of a struct may share their memory with others. */
function isUnion(text: string, { at, fields }: StructOutline): boolean {
  const last = Math.max(at, ...fields.map((field) => field.at));
  return /\bunion\b/.test(text.slice(Math.max(0, at - 20), last));
}

/** Whether a struct gets values without the names of their members: `struct foo x = { a, b };`. */
function isFilledInOrder(text: string, tag: string): boolean {
  return new RegExp(
    `\\bstruct\\s+${tag}\\b\\s*(?:\\)|\\w+\\s*(?:\\[[^\\]]*\\]\\s*)?=)\\s*\\{(?!\\s*(?:0?\\s*\\}|\\.))`,
  ).test(text);
}

/**
 * What may fill a member: an assignment, its address, `offsetof()`, or a call that gets it among other arguments and may be
 * a macro.
 */
function writeOf(member: string): RegExp {
  const read = `(?:->|\\.)\\s*${member}\\b`;
  const place = '[\\w\\s>.\\-[\\]()]*';
  return new RegExp(
    [
      `${read}\\s*(?:\\[[^\\]]*\\]\\s*)?(?:[-+|&^*/%]|<<|>>)?=(?!=)`,
      `${read}\\s*(?:\\+\\+|--)`,
      `(?<!&)&(?!&)${place}${read}(?!\\s*(?:->|\\.))`,
      `[,(]${place}${read}\\s*,`,
      `,${place}${read}\\s*\\)`,
      `\\boffsetof\\s*\\([^()]*\\b${member}\\b`,
    ].join('|'),
  );
}
