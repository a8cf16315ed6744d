import type { Log } from 'sarif';
import type { jsonResult } from '../formats/json.js';
import type { matrixResult } from '../matrix/matrix-json.js';
import type { seriesResult } from '../series/series-json.js';

/** A job of a batch, as its file describes it. */
interface DescribedJob {
  readonly id: string;
  readonly tree?: string | undefined;
  readonly revision?: string | undefined;
}

interface Common {
  readonly job: DescribedJob;
  readonly exitCode: number;
}

/** How a job ended, with what its command printed as JSON. */
export type ReportedJob =
  | (Common & { readonly kind: 'scan'; readonly result: ReturnType<typeof jsonResult>; readonly sarif: Log })
  | (Common & { readonly kind: 'series'; readonly result: ReturnType<typeof seriesResult>; readonly sarif: Log })
  | (Common & { readonly kind: 'matrix'; readonly result: ReturnType<typeof matrixResult> })
  | (Common & { readonly kind: 'failed'; readonly error: string });

/** A finding as the JSON formats have it. */
export type ReportedFinding = ReturnType<typeof jsonResult>['findings'][number];

/** The findings of a job, with the patch that brings each, as `3/8`, or null. */
export function findingsOf(
  job: ReportedJob,
): readonly { readonly finding: ReportedFinding; readonly patch: string | null }[] {
  switch (job.kind) {
    case 'scan':
      return job.result.findings.map((finding) => ({ finding, patch: null }));
    case 'series': {
      const { patches, series } = job.result;
      const ofPatches = patches.flatMap(({ index, introduced }) =>
        introduced.map((finding) => ({ finding, patch: `${index}/${patches.length}` })),
      );
      return [...ofPatches, ...series.map((finding) => ({ finding, patch: null }))];
    }
    case 'matrix':
    case 'failed':
      return [];
  }
}
