import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, type InputProblem } from './walk.js';

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

/**
 * Byte search over many files, through one buffer: reading is what costs, so nothing is decoded.
 * Files that cannot be read become problems.
 */
export function searchFiles(request: SearchRequest): SearchResult {
  const words = request.words.map((word) => Buffer.from(word));
  const hits: string[][] = words.map(() => []);
  const exports: [string, string][] = [];
  const problems: InputProblem[] = [];
  const reader = createReader();
  for (const path of request.paths) {
    let bytes: Buffer;
    try {
      bytes = reader(join(request.root, path));
    } catch (error) {
      problems.push({ path, reason: `cannot be read: ${errorCode(error)}` });
      continue;
    }
    words.forEach((word, index) => {
      if (bytes.indexOf(word) >= 0) hits[index]?.push(path);
    });
    if (request.exports && path.endsWith('.c')) collectExports(bytes, path, exports);
  }
  return { hits, exports, problems };
}

function createReader(): (path: string) => Buffer {
  let buffer = Buffer.allocUnsafe(1 << 20);
  return (path) => {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const count = readSync(file, buffer, length, buffer.length - length, null);
        length += count;
        if (length < buffer.length) {
          if (count === 0 || length < buffer.length - 1) return buffer.subarray(0, length);
        } else {
          if (length >= largestFile) throw new Error(`larger than ${largestFile >> 20} MB`);
          buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
        }
      }
    } finally {
      closeSync(file);
    }
  };
}

const exportWord = Buffer.from('EXPORT_SYMBOL');
const exportPattern = /EXPORT_SYMBOL\w*\(\s*(\w+)/;

function collectExports(bytes: Buffer, path: string, exports: [string, string][]): void {
  for (let at = bytes.indexOf(exportWord); at >= 0; at = bytes.indexOf(exportWord, at + 1)) {
    const match = exportPattern.exec(bytes.toString('latin1', at, Math.min(at + 160, bytes.length)));
    if (match?.[1] && match.index === 0) exports.push([match[1], path]);
  }
}
