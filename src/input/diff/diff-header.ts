import type { LineCursor } from '../../base/lines.js';
import { InputError } from '../tree/tree.js';
import { readName, readQuoted, withoutPrefix } from './diff-path.js';
import type { FilePatch } from './file-patch.js';

/** What the header of a file's part says. */
export type FileHeader = Omit<FilePatch, 'hunks' | 'text'>;

/** What the header lines that were read so far say. */
interface Facts {
  oldName?: string;
  newName?: string;
  isNew?: boolean;
  isRemoved?: boolean;
  isRename?: boolean;
  isBinary?: boolean;
  mode?: FilePatch['mode'];
}

/**
 * Reads the header of one file's part, as git or diff -u writes it, and moves the cursor behind it and any binary content.
 * @returns undefined if no header begins here
 */
export function readHeader(lines: LineCursor): FileHeader | undefined {
  const line = trimmed(lines.line());
  if (line.startsWith('diff --git ')) return readGitHeader(lines, line.slice('diff --git '.length));
  if (!isPlainHeader(lines)) return undefined;
  const facts: Facts = {};
  readPlainNames(lines, facts);
  if (facts.oldName === facts.newName) throw noPrefix(facts.oldName ?? '');
  return headerOf(facts, undefined);
}

function readGitHeader(lines: LineCursor, rest: string): FileHeader {
  const names = readGitNames(rest);
  if (names && names[0] === names[1]) throw noPrefix(names[0]);
  const facts: Facts = {};
  lines.advance();
  while (!lines.atEnd() && readExtendedLine(trimmed(lines.line()), facts)) lines.advance();
  if (isPlainHeader(lines)) {
    const moved = facts.oldName;
    readPlainNames(lines, facts);
    if (moved !== undefined && moved === `a/${facts.oldName}`) throw noPrefix(facts.oldName ?? '');
  } else if (trimmed(lines.line()) === 'GIT binary patch') {
    facts.isBinary = true;
    passBinary(lines);
  } else if (/^Binary files .* differ$/.test(trimmed(lines.line()))) {
    facts.isBinary = true;
    lines.advance();
  }
  return headerOf(facts, names);
}

/** The two names after `diff --git`; undefined if it is ambiguous where the second begins, as in a rename with spaces. */
function readGitNames(rest: string): readonly [string, string] | undefined {
  if (rest.startsWith('"')) {
    const old = readQuoted(rest);
    return old && [old.name, readName(rest.slice(old.length + 1))];
  }
  const quote = rest.indexOf(' "');
  if (quote > 0) return [readName(rest.slice(0, quote)), readName(rest.slice(quote + 1))];
  // If both names are equal, the space between them is in the middle.
  const middle = (rest.length - 1) / 2;
  if (rest[middle] !== ' ') return undefined;
  const names = [readName(rest.slice(0, middle)), readName(rest.slice(middle + 1))] as const;
  return names[0] === names[1] || withoutPrefix(names[0]) === withoutPrefix(names[1]) ? names : undefined;
}

type LineReader = (value: string, facts: Facts) => void;

/** The lines between `diff --git` and `---`, each with a function that reads it. */
const extendedLines: readonly (readonly [string, LineReader])[] = [
  ['old mode ', readMode],
  ['new mode ', readMode],
  ['new file mode ', (value, facts) => readMode(value, Object.assign(facts, { isNew: true }))],
  ['deleted file mode ', (value, facts) => readMode(value, Object.assign(facts, { isRemoved: true }))],
  ['rename from ', (value, facts) => Object.assign(facts, { isRename: true, oldName: `a/${readName(value)}` })],
  ['rename to ', (value, facts) => Object.assign(facts, { isRename: true, newName: `b/${readName(value)}` })],
  ['copy from ', (value, facts) => Object.assign(facts, { oldName: `a/${readName(value)}` })],
  ['copy to ', (value, facts) => Object.assign(facts, { newName: `b/${readName(value)}` })],
  ['similarity index ', () => undefined],
  ['dissimilarity index ', () => undefined],
  ['index ', (value, facts) => readMode(value.split(' ')[1] ?? '', facts)],
];

function readExtendedLine(line: string, facts: Facts): boolean {
  const known = extendedLines.find(([start]) => line.startsWith(start));
  known?.[1](line.slice(known[0].length), facts);
  return known !== undefined;
}

function readMode(mode: string, facts: Facts): void {
  if (mode === '120000') facts.mode = 'symlink';
  if (mode === '160000') facts.mode = 'submodule';
}

/** Whether a `---` and a `+++` line with names begin here. The `---` of a mail has no name, and a removed line no `+++`. */
function isPlainHeader(lines: LineCursor): boolean {
  return /^--- \S/.test(lines.line()) && /^\+\+\+ \S/.test(lines.next());
}

function readPlainNames(lines: LineCursor, facts: Facts): void {
  facts.oldName = readName(trimmed(lines.line()).slice(4));
  lines.advance();
  facts.newName = readName(trimmed(lines.line()).slice(4));
  lines.advance();
}

/** Skips `literal 5` and `delta 5` blocks: lines without spaces, then an empty line. */
function passBinary(lines: LineCursor): void {
  lines.advance();
  while (/^(?:literal|delta) \d+\r?$/.test(lines.line())) {
    lines.advance();
    while (/^[A-Za-z][!-~]+\r?$/.test(lines.line())) lines.advance();
    if (trimmed(lines.line()) === '' && !lines.atEnd()) lines.advance();
  }
}

function headerOf(facts: Facts, names: readonly [string, string] | undefined): FileHeader {
  const oldName = facts.oldName ?? names?.[0];
  const newName = facts.newName ?? names?.[1];
  return {
    oldPath: facts.isNew || oldName === undefined ? null : withoutPrefix(oldName),
    newPath: facts.isRemoved || newName === undefined ? null : withoutPrefix(newName),
    isBinary: facts.isBinary ?? false,
    isRename: facts.isRename ?? false,
    mode: facts.mode ?? 'file',
  };
}

function trimmed(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function noPrefix(name: string): InputError {
  return new InputError(
    `${name || 'a diff'}: this patch names its paths without a/ and b/; make it with \`git -c diff.noprefix=false format-patch\``,
  );
}
