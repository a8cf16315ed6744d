import { type LineCursor, lineCursor } from '../../base/lines.js';
import { decodeSource } from '../tree/decode.js';
import { readHeader } from './diff-header.js';
import type { DiffLine, FilePatch, Hunk } from './file-patch.js';

export { pathTrouble } from './diff-path.js';

export type { FilePatch } from './file-patch.js';

/**
 * Parses a diff into the files and lines that it changes, without applying it. Text between the files (a description, a
 * signature) is skipped, and so is the rest of a hunk that ends too early: whether a diff is complete shows when it is
 * applied.
 * @throws InputError if the paths lack the prefixes a/ and b/
 */
export function parseDiff(diff: Buffer | string): readonly FilePatch[] {
  const bytes = typeof diff === 'string' ? Buffer.from(diff, 'utf8') : diff;
  // In Latin-1 one character is one byte, so offsets into the text are offsets into the bytes.
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

// Longer numbers are no line numbers.
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
