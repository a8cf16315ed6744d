import { constants, inflateSync } from 'node:zlib';
import type { FilePatch } from '../diff/diff.js';
import type { ApplyFailure } from './patching.js';

/** How much of each thing a patch, and a series, may have; each size in bytes. */
export interface PatchBounds {
  readonly files: number;
  /** What its binary parts become. */
  readonly binary: number;
  /** Files that it copies. */
  readonly copies: number;
  /** Attempts to apply parts of a patch that does not apply as a whole. */
  readonly attempts: number;
  /** All files that the patches of one series leave behind. */
  readonly results: number;
}

/**
 * What one patch may cost, whatever its size as a mail: a few kB of binary patch inflate to gigabytes, and a copy of
 * a large file takes five lines.
 */
export const patchBounds: PatchBounds = {
  files: 50_000, // the largest commit of the kernel so far touches some 12,000
  binary: 64 << 20,
  copies: 64 << 20,
  attempts: 500,
  results: 1 << 30,
};

/** What of a patch is applied, and what is refused. */
export interface Bounded {
  readonly usable: readonly FilePatch[];
  readonly refused: readonly ApplyFailure[];
}

/**
 * Keeps a patch within its bounds. Each bound that it goes beyond is told once, with the first file that does.
 * @param sizeOf the size of a file before the patch, in bytes
 * @param spent bytes of all files that the series has left behind so far; counted on here
 */
export function withinBounds(
  files: readonly FilePatch[],
  sizeOf: (path: string) => number,
  spent: { results: number },
  bounds: PatchBounds,
): Bounded {
  if (files.length > bounds.files)
    return { usable: [], refused: refuse(files, `the patch changes more than ${bounds.files} files`) };
  let [binary, copies] = [0, 0];
  const beyond = new Map<string, FilePatch[]>();
  const usable = files.filter((file) => {
    const before = file.oldPath === null ? 0 : sizeOf(file.oldPath);
    const ownBinary = binarySize(file);
    const result = before + file.text.length + ownBinary;
    const reason =
      binary + ownBinary > bounds.binary
        ? `the binary parts of the patch become more than ${bounds.binary >> 20} MB`
        : isCopy(file) && copies + before > bounds.copies
          ? `the patch copies more than ${bounds.copies >> 20} MB of files`
          : spent.results + result > bounds.results
            ? `the series changes files of more than ${bounds.results >> 20} MB in all`
            : null;
    if (reason !== null) {
      const others = beyond.get(reason);
      if (others) others.push(file);
      else beyond.set(reason, [file]);
      return false;
    }
    binary += ownBinary;
    if (isCopy(file)) copies += before;
    spent.results += result;
    return true;
  });
  return { usable, refused: [...beyond].flatMap(([reason, some]) => refuse(some, reason)) };
}

function isCopy({ oldPath, newPath, isRename }: FilePatch): boolean {
  return oldPath !== null && newPath !== null && oldPath !== newPath && !isRename;
}

/** One line for all files that a bound concerns. */
export function refuse(files: readonly FilePatch[], reason: string): readonly ApplyFailure[] {
  const [first] = files;
  if (!first) return [];
  const more = files.length === 1 ? '' : `, with ${files.length - 1} more`;
  const path = first.newPath ?? first.oldPath ?? '';
  return [{ path, line: null, hunk: null, hunks: first.hunks.length, reason: `refused${more}: ${reason}` }];
}

/**
 * How many bytes git would hold for the binary parts of a patch: the sizes that it declares for itself, and for a delta
 * the size of what it makes. Infinity where that cannot be read.
 */
export function binarySize({ isBinary, text }: FilePatch): number {
  if (!isBinary) return 0;
  const lines = text.toString('latin1').split(/\r?\n/);
  let total = 0;
  for (const [index, line] of lines.entries()) {
    const [, kind, digits = ''] = /^(literal|delta) (\d+)$/.exec(line) ?? [];
    if (kind === undefined) continue;
    total += Number(digits);
    if (kind === 'delta') total += deltaResult(lines.slice(index + 1, index + 1 + linesLookedAt));
  }
  return total;
}

/** A delta begins with two sizes of a few bytes; a stream that has not shown them in so many lines is no one's honest work. */
const linesLookedAt = 16;

/** The size of what a delta makes: the second of the two numbers that it begins with. */
function deltaResult(lines: readonly string[]): number {
  const end = lines.indexOf('');
  try {
    const packed = Buffer.concat(lines.slice(0, end < 0 ? lines.length : end).map(decodeLine));
    const start = inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 });
    return readSize(start, readSize(start, 0).next).size;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** A number in groups of seven bits, the lowest first; the top bit says that more follow. */
function readSize(bytes: Buffer, from: number): { readonly size: number; readonly next: number } {
  let size = 0;
  for (let at = from; at < Math.min(bytes.length, from + 10); at++) {
    const byte = bytes[at] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * (at - from));
    if (byte < 0x80) return { size, next: at + 1 };
  }
  throw new RangeError('no size');
}

const digits85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';

/** A line of git's base 85: a letter for how many bytes (A 1, Z 26, a 27, z 52), then five characters for four bytes. */
function decodeLine(line: string): Buffer {
  const letter = line.charCodeAt(0);
  const length = letter >= 0x61 ? letter - 0x61 + 27 : letter - 0x41 + 1;
  const bytes = Buffer.alloc(Math.ceil((line.length - 1) / 5) * 4);
  for (let at = 1; at < line.length; at += 5) {
    let value = 0;
    for (const character of line.slice(at, at + 5)) value = value * 85 + digits85.indexOf(character);
    bytes.writeUInt32BE(value % 2 ** 32, ((at - 1) / 5) * 4);
  }
  return bytes.subarray(0, length);
}
