import type { JudgedPatch, SeriesOutcome } from '../../lint/index.js';

/** `3/8`: which patch of how many. */
export function patchNumber({ judged }: SeriesOutcome, { patch }: JudgedPatch): string {
  return `${patch.number}/${judged.series.total ?? judged.patches.length}`;
}
