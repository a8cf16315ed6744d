import type { JudgedPatch, SeriesOutcome } from '../../lint/index.js';

/** The number of a patch and how many there are, as `3/8`. */
export function patchNumber({ judged }: SeriesOutcome, { patch }: JudgedPatch): string {
  return `${patch.number}/${judged.series.total ?? judged.patches.length}`;
}
