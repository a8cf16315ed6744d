import type { Finding } from '../../lint/index.js';
import type { FindingGroup } from '../run-report.js';

/** So many lines are quoted before the one that a finding is about; what lies further up is left out. */
const most = 12;

/** The line of a diff, 0-based, after which what is said of a line of the new file belongs. */
interface PlaceInDiff {
  readonly header: number;
  readonly hunk: number;
  readonly line: number;
}

/** A diff as lines of text. What is not UTF-8 is shown as it can be. */
export function linesOfDiff(diff: Buffer | null): readonly string[] {
  return diff ? diff.toString('utf8').split('\n') : [];
}

/**
 * What stands above a finding: of a patch its hunk, up to the line that it is about or to one that its trace leads over,
 * quoted; where there is none such, the line itself with where it stands.
 */
export function quoteFor(finding: Finding, { textOf }: FindingGroup, diff: readonly string[]): readonly string[] {
  for (const { file, line } of [finding, ...[...finding.trace].reverse()]) {
    const place = placeIn(diff, file, line);
    if (place) return quoteHunk(diff, place).map((text) => `> ${text}`.trimEnd());
  }
  const source = textOf(finding.file)?.split('\n')[finding.line - 1];
  return [`${finding.file}:${finding.line}`, ...(source === undefined ? [] : [`    ${source.trim()}`])];
}

function quoteHunk(diff: readonly string[], { header, hunk, line }: PlaceInDiff): readonly string[] {
  const first = Math.max(hunk + 1, line - most + 1);
  const left = first > hunk + 1 ? ['[...]'] : [];
  return [header, hunk].map((at) => diff[at] ?? '').concat(left, diff.slice(first, line + 1));
}

/** Where a line of the new file stands in a diff; undefined where no hunk shows it. */
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
