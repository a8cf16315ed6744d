import type { Finding } from '../../lint/index.js';
import type { FindingGroup } from '../run-report.js';

/** Lines of a hunk that are quoted, up to the line of the finding; earlier ones are left out. */
const most = 12;

/** Where a line of the new file stands in a diff: the indices, 0-based, of the file header, the hunk header, the line. */
interface PlaceInDiff {
  readonly header: number;
  readonly hunk: number;
  readonly line: number;
}

/** A diff as lines of text; bytes that are not UTF-8 become U+FFFD. */
export function linesOfDiff(diff: Buffer | null): readonly string[] {
  return diff ? diff.toString('utf8').split('\n') : [];
}

/**
 * The lines that stand above a finding in a reply: the patch's hunk, quoted up to the line of the finding or of a step of
 * its trace; if no hunk shows such a line, the place and the source line.
 */
export function quoteFor(finding: Finding, { textOf }: FindingGroup, diff: readonly string[]): readonly string[] {
  const places = [finding, ...[...finding.trace].reverse()].flatMap(
    ({ file, line }) => placeIn(diff, file, line) ?? [],
  );
  // What the patch adds is to blame; then what stands next to a line that it takes away.
  const place =
    places.find((one) => diff[one.line]?.startsWith('+')) ?? places.find((one) => isByRemoved(diff, one)) ?? places[0];
  if (place) {
    return quoteHunk(diff, place).map((text) => `> ${text}`.trimEnd());
  }
  const source = textOf(finding.file)?.split('\n')[finding.line - 1];
  return [`${finding.file}:${finding.line}`, ...(source === undefined ? [] : [`    ${source.trim()}`])];
}

function isByRemoved(diff: readonly string[], { line }: PlaceInDiff): boolean {
  return [diff[line - 1], diff[line + 1]].some((text) => text?.startsWith('-') && !text.startsWith('--- '));
}

function quoteHunk(diff: readonly string[], { header, hunk, line }: PlaceInDiff): readonly string[] {
  const first = Math.max(hunk + 1, line - most + 1);
  const left = first > hunk + 1 ? ['[...]'] : [];
  return [header, hunk].map((at) => diff[at] ?? '').concat(left, diff.slice(first, line + 1));
}

/**
 * Finds a line of the new file in a diff.
 * @param wanted 1-based
 * @returns undefined if no hunk shows the line
 */
function placeIn(diff: readonly string[], file: string, wanted: number): PlaceInDiff | undefined {
  let [header, hunk, number] = [-1, -1, 0];
  let isFile = false;
  for (const [line, text] of diff.entries()) {
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text);
    if (text.startsWith('diff --git ')) {
      [header, hunk, isFile] = [line, -1, false];
    } else if (hunk < 0 && text.startsWith('+++ ')) isFile = text.trimEnd() === `+++ b/${file}`;
    else if (start) {
      hunk = line;
      number = Number(start[1]) - 1;
    } else if (isFile && hunk >= 0 && /^[ +]/.test(text) && ++number === wanted) return { header, hunk, line };
  }
  return undefined;
}
