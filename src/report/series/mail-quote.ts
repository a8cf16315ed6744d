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
 * its trace; if no hunk shows such a line, the place and the source line. Of something that is done a second time, both
 * places are quoted, in the order of the patch.
 */
export function quoteFor(finding: Finding, { textOf }: FindingGroup, diff: readonly string[]): readonly string[] {
  const places = [finding, ...[...finding.trace].reverse()].flatMap(
    ({ file, line }) => placeIn(diff, file, line) ?? [],
  );
  // What the patch adds is to blame; then what stands next to a line that it takes away.
  const place =
    places.find((one) => diff[one.line]?.startsWith('+')) ?? places.find((one) => isByRemoved(diff, one)) ?? places[0];
  if (place) return quoteHunks(diff, [place, ...earlierPlaces(finding, diff)]).map((text) => `> ${text}`.trimEnd());
  const source = textOf(finding.file)?.split('\n')[finding.line - 1];
  return [`${finding.file}:${finding.line}`, ...(source === undefined ? [] : [`    ${source.trim()}`])];
}

function isByRemoved(diff: readonly string[], { line }: PlaceInDiff): boolean {
  return [diff[line - 1], diff[line + 1]].some((text) => text?.startsWith('-') && !text.startsWith('--- '));
}

/** Where the patch does first what the finding says is done once more. */
function earlierPlaces({ trace }: Finding, diff: readonly string[]): readonly PlaceInDiff[] {
  return trace.flatMap(({ file, line, isEarlier }) => (isEarlier ? (placeIn(diff, file, line) ?? []) : []));
}

/** Quotes the hunks of some places up to them, each line of the diff once. */
function quoteHunks(diff: readonly string[], places: readonly PlaceInDiff[]): readonly string[] {
  const quoted: string[] = [];
  let last: PlaceInDiff | null = null;
  for (const place of [...places].sort((one, other) => one.line - other.line)) {
    const { header, hunk, line } = place;
    if (header !== last?.header) quoted.push(diff[header] ?? '');
    if (hunk !== last?.hunk) quoted.push(diff[hunk] ?? '');
    const start = Math.max(hunk, hunk === last?.hunk ? last.line : 0) + 1;
    const first = Math.max(start, line - most + 1);
    if (first > start) quoted.push('[...]');
    quoted.push(...diff.slice(first, line + 1));
    last = place;
  }
  return quoted;
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
