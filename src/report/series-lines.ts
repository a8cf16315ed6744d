import {
  type Finding,
  isAtLeast,
  type JudgedPatch,
  newFindings,
  newGaps,
  ofPatch,
  ofWhole,
  type SeriesOutcome,
} from '../lint/index.js';
import { escapeForTerminal } from './escape.js';
import { checkpatchLine, gccLines } from './finding-lines.js';

/** `3/8`: which patch of how many. */
export function patchNumber({ judged }: SeriesOutcome, { patch }: JudgedPatch): string {
  return `${patch.number}/${judged.series.total ?? judged.patches.length}`;
}

/** All new findings in the order of the patches, each saying which patch it belongs to. */
function labelled(outcome: SeriesOutcome): readonly Finding[] {
  const ofPatches = outcome.judged.patches.flatMap((judged) =>
    ofPatch(outcome, judged).map((finding) => ({
      ...finding,
      message: `${finding.message} (patch ${patchNumber(outcome, judged)})`,
    })),
  );
  return [...ofWhole(outcome), ...ofPatches];
}

/** What is new as a compiler prints it, with what could not be analysed any more as `note:` lines. */
export function formatSeriesGcc(outcome: SeriesOutcome): string {
  const gaps = outcome.judged.patches.flatMap((judged) =>
    newGaps(judged).map(
      ({ file, line, function: name, reason }) =>
        `${file}:${line ?? 1}:1: note: not analysed${name ? ` (${name}())` : ''}: ${reason} (patch ${patchNumber(outcome, judged)})`,
    ),
  );
  return [...labelled(outcome).flatMap(gccLines), ...gaps.map((line) => `${escapeForTerminal(line)}\n`)].join('');
}

/** What is new as checkpatch.pl prints it: one line a finding, and nothing else. */
export function formatSeriesCheckpatch(outcome: SeriesOutcome): string {
  return labelled(outcome).map(checkpatchLine).join('');
}

/**
 * What is new for `b4 prep --check`: each line is a warning there, or a failure where it says `ERROR:`. b4 has nothing
 * below a warning, and knows itself which patch it asked about: notes are left out, and that a later patch mends what is
 * told anyway.
 */
export function formatSeriesB4(outcome: SeriesOutcome): string {
  return newFindings(outcome)
    .filter(({ severity, rule }) => isAtLeast(severity, 'warning') && rule !== 'bisect-hazard')
    .map(checkpatchLine)
    .join('');
}
