import type { Finding } from '../finding.js';
import type { JudgedPatch } from './series.js';
import { ofPatch, type SeriesOutcome } from './series-outcome.js';

/** What became of the findings of the revision before. */
export interface SincePrevious {
  /** `v6`. */
  readonly previous: string;
  /** `v7`. */
  readonly next: string;
  /** Found in both, at the patch of the newer one. */
  readonly still: readonly PlacedFinding[];
  /** Found in the older one only, at its patch there. */
  readonly resolved: readonly PlacedFinding[];
}

/** A finding, and the patch that brings it, as `4/8`. */
export interface PlacedFinding {
  readonly patch: string;
  readonly finding: Finding;
}

type Judged = Pick<SeriesOutcome, 'judged' | 'findings'>;

/**
 * Compares what two revisions of a series bring. A finding is the same if its fingerprint is; or, since the code around it
 * may have been edited, if rule, file and subject are.
 */
export function sincePrevious(
  { older, newer }: { readonly older: Judged; readonly newer: Judged },
  names: Pick<SincePrevious, 'previous' | 'next'>,
): SincePrevious {
  const now = brought(newer);
  const left = new Set(now);
  const still: PlacedFinding[] = [];
  const resolved: PlacedFinding[] = [];
  for (const each of brought(older)) {
    const open = now.filter((one) => left.has(one));
    const same =
      open.find(({ finding }) => finding.fingerprint === each.finding.fingerprint) ??
      open.find(({ finding }) => subjectKey(finding) === subjectKey(each.finding));
    if (same) left.delete(same);
    if (same) still.push(same);
    else resolved.push(each);
  }
  return { ...names, still: now.filter((one) => still.includes(one)), resolved };
}

/** What a series brings, but for what one of its later patches takes away again. */
function brought(outcome: Judged): readonly PlacedFinding[] {
  const { patches, series } = outcome.judged;
  return patches.flatMap((judged, index) => {
    const later = new Set(patches.slice(index + 1).flatMap(fixedBy));
    return ofPatch(outcome, judged)
      .filter(({ fingerprint }) => !later.has(fingerprint))
      .map((finding) => ({ patch: `${judged.patch.number}/${series.total ?? patches.length}`, finding }));
  });
}

function fixedBy({ comparison }: JudgedPatch): readonly string[] {
  return comparison.fixed.map(({ fingerprint }) => fingerprint);
}

function subjectKey({ rule, file, mark }: Finding): string {
  return `${rule}\0${file}\0${mark.subject}`;
}
