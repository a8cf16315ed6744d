import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../base/errors.js';
import type { InputProblem } from '../tree/walk.js';
import { wordFinder } from './word-search.js';

/** What to look for in every file, as bytes and without parsing. */
export interface SearchRequest {
  readonly root: string;
  readonly paths: readonly string[];
  readonly words: readonly string[];
  /** Also collect the names in EXPORT_SYMBOL*(name). */
  readonly exports: boolean;
}

export interface SearchResult {
  /** For each word, in the order of the request, the paths of the files that contain it. */
  readonly hits: readonly (readonly string[])[];
  /** Pairs of exported symbol and the file that exports it. */
  readonly exports: readonly (readonly [symbol: string, path: string])[];
  readonly problems: readonly InputProblem[];
}

/** A file larger than this is not C that anyone wrote; it is named and left out. */
const largestFile = 256 * 1024 * 1024;

/** Files are looked at in pieces of this many bytes, so that the largest needs no more memory than the others. */
const pieceSize = 1 << 20;
/** An EXPORT_SYMBOL and its name are looked for within so many bytes. */
const exportLength = 160;

/**
 * Byte search over many files, through one buffer: reading is what costs, so nothing is decoded.
 * Files that cannot be read become problems.
 */
export function searchFiles(request: SearchRequest): SearchResult {
  const words = request.words.map(wordFinder);
  const hits: string[][] = words.map(() => []);
  const exports: [string, string][] = [];
  const problems: InputProblem[] = [];
  const overlap = Math.max(exportLength, ...request.words.map((word) => Buffer.byteLength(word)));
  const buffer = Buffer.allocUnsafe(pieceSize + overlap);
  for (const path of request.paths) {
    const wantsExports = request.exports && path.endsWith('.c');
    const found = words.map(() => false);
    try {
      readPieces(`${request.root}/${path}`, buffer, overlap, (bytes, isLast) => {
        words.forEach((find, index) => {
          found[index] ||= find(bytes) >= 0;
        });
        // What begins in the overlap is seen whole with the next piece.
        if (wantsExports) collectExports(bytes, isLast ? bytes.length : bytes.length - overlap, path, exports);
      });
    } catch (error) {
      problems.push({ path, reason: `cannot be read: ${errorCode(error)}` });
      continue;
    }
    found.forEach((isFound, index) => {
      if (isFound) hits[index]?.push(path);
    });
  }
  return { hits, exports, problems };
}

/** Reads a file piece by piece; each begins with the last `overlap` bytes of the one before. */
function readPieces(
  path: string,
  buffer: Buffer,
  overlap: number,
  look: (bytes: Buffer, isLast: boolean) => void,
): void {
  const file = openSync(path, 'r');
  try {
    let kept = 0;
    for (let total = 0; total < largestFile; ) {
      const count = readSync(file, buffer, kept, buffer.length - kept, null);
      total += count;
      const end = kept + count;
      const isLast = end < buffer.length;
      look(buffer.subarray(0, end), isLast);
      if (isLast) return;
      buffer.copyWithin(0, end - overlap, end);
      kept = overlap;
    }
    throw new Error(`larger than ${largestFile >> 20} MB`);
  } finally {
    closeSync(file);
  }
}

const findExport = wordFinder('EXPORT_SYMBOL');
const exportPattern = /EXPORT_SYMBOL\w*\(\s*(\w+)/;

/** Collects what is exported by calls that begin before `end`. */
function collectExports(bytes: Buffer, end: number, path: string, exports: [string, string][]): void {
  for (let at = findExport(bytes); at >= 0 && at < end; at = findExport(bytes, at + 1)) {
    const match = exportPattern.exec(bytes.toString('latin1', at, Math.min(at + exportLength, bytes.length)));
    if (match?.[1] && match.index === 0) exports.push([match[1], path]);
  }
}
