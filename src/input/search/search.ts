import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../base/errors.js';
import type { InputProblem } from '../tree/walk.js';
import { wordFinder } from './word-search.js';

/** What to search for in files, as bytes and without parsing. */
export interface SearchRequest {
  readonly root: string;
  readonly paths: readonly string[];
  readonly words: readonly string[];
  /** Whether to collect the names in EXPORT_SYMBOL*(name) as well. */
  readonly exports: boolean;
}

/** What a search found. */
export interface SearchResult {
  /** For each word, in the order of the request, the paths of the files that contain it. */
  readonly hits: readonly (readonly string[])[];
  /** Each exported symbol with the file that exports it. */
  readonly exports: readonly (readonly [symbol: string, path: string])[];
  /** Files that could not be read. */
  readonly problems: readonly InputProblem[];
}

/** A larger file is no C that anybody wrote: it is reported as a problem and skipped. */
const largestFile = 256 * 1024 * 1024;

/** Files are read in pieces of this many bytes, so that a large file needs no more memory than a small one. */
const pieceSize = 1 << 20;
/** An EXPORT_SYMBOL with its name takes at most this many bytes. */
const exportLength = 160;

/**
 * Searches many files for words, as bytes, through one buffer. Most of the time is spent reading, so nothing is decoded.
 * A file that cannot be read becomes a problem of the result.
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
        // An export that begins in the overlap is read with the next piece.
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

/** Reads a file in pieces. Each piece begins with the last `overlap` bytes of the one before. */
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

/** Collects the symbols of the EXPORT_SYMBOL calls that begin before `end`. */
function collectExports(bytes: Buffer, end: number, path: string, exports: [string, string][]): void {
  for (let at = findExport(bytes); at >= 0 && at < end; at = findExport(bytes, at + 1)) {
    const match = exportPattern.exec(bytes.toString('latin1', at, Math.min(at + exportLength, bytes.length)));
    if (match?.[1] && match.index === 0) exports.push([match[1], path]);
  }
}
