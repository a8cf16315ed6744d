import { type LineCursor, lineCursor } from '../../base/lines.js';
import { decodeSource } from '../tree/decode.js';
import { readHeader } from './diff-header.js';

export { pathTrouble } from './diff-path.js';

export interface DiffLine {
  /** 1-based: of the new file for an added line, of the old one for a removed line. */
  readonly line: number;
  /** Without the sign in front; a carriage return at its end stays. */
  readonly text: string;
}

export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly added: readonly DiffLine[];
  readonly removed: readonly DiffLine[];
}

/** What a diff does to one file. */
export interface FilePatch {
  /** Null for a file that is new. */
  readonly oldPath: string | null;
  /** Null for a file that is removed. */
  readonly newPath: string | null;
  readonly isBinary: boolean;
  /** Whether the file moves; a copy has two different paths and is no rename. */
  readonly isRename: boolean;
  readonly mode: 'file' | 'symlink' | 'submodule';
  readonly hunks: readonly Hunk[];
  /** This file's part of the diff. */
  readonly text: Buffer;
}

/**
 * Reads which files a diff changes and in which lines, without applying it. What stands before, between and behind
 * the files (a description, a signature) is passed over, and so is what is left of a hunk that ends too soon: whether
 * a diff is whole is for the one who applies it.
 * @throws InputError where the paths lack the a/ and b/ in front
 */
export function parseDiff(diff: Buffer | string): readonly FilePatch[] {
  const bytes = typeof diff === 'string' ? Buffer.from(diff, 'utf8') : diff;
  // As Latin-1 one character is one byte, so that positions hold in the bytes too.
  const lines = lineCursor(bytes.toString('latin1'));
  const files: FilePatch[] = [];
  while (!lines.atEnd()) {
    const start = lines.position();
    const header = readHeader(lines);
    if (!header) {
      lines.advance();
      continue;
    }
    const hunks: Hunk[] = [];
    for (let hunk = readHunk(lines); hunk; hunk = readHunk(lines)) hunks.push(hunk);
    files.push({ ...header, hunks, text: bytes.subarray(start, lines.position()) });
  }
  return files;
}

// Counts of more digits are no line numbers.
const hunkHeader = /^@@ -(\d{1,12})(?:,(\d{1,12}))? \+(\d{1,12})(?:,(\d{1,12}))? @@/;

function readHunk(lines: LineCursor): Hunk | undefined {
  const match = hunkHeader.exec(lines.line());
  if (!match) return undefined;
  const [oldStart, oldLines, newStart, newLines] = [1, 2, 3, 4].map((group) => Number(match[group] ?? 1)) as [
    number,
    number,
    number,
    number,
  ];
  lines.advance();
  const added: DiffLine[] = [];
  const removed: DiffLine[] = [];
  let oldLine = oldStart;
  let newLine = newStart;
  while (!lines.atEnd()) {
    const text = lines.line();
    const isWhole = oldLine >= oldStart + oldLines && newLine >= newStart + newLines;
    if (text.startsWith('\\')) {
      // "\ No newline at end of file" belongs to the line before it.
    } else if (isWhole) {
      break;
    } else if (text.startsWith('+')) {
      added.push({ line: newLine++, text: contentOf(text) });
    } else if (text.startsWith('-')) {
      removed.push({ line: oldLine++, text: contentOf(text) });
    } else if (text === '' || text === '\r' || text.startsWith(' ')) {
      // Mail programs strip the one space of an empty line.
      oldLine++;
      newLine++;
    } else {
      break;
    }
    lines.advance();
  }
  return { oldStart, oldLines, newStart, newLines, added, removed };
}

function contentOf(line: string): string {
  return decodeSource(Buffer.from(line.slice(1), 'latin1'));
}
