import { findingsOf, type ReportedFinding, type ReportedJob } from './batch-jobs.js';

/** What a scan has that an earlier one of the same tree did not have, and the other way round. */
export interface Change {
  readonly since: string;
  readonly came: readonly ReportedFinding[];
  readonly went: readonly ReportedFinding[];
}

/**
 * Compares each scan with the one before it of the same tree, in the order of the jobs.
 * @returns by the id of the job; a tree's first scan has nothing to be compared with
 */
export function historyOf(jobs: readonly ReportedJob[]): ReadonlyMap<string, Change> {
  const history = new Map<string, Change>();
  const latest = new Map<string, ReportedJob>();
  for (const reported of jobs) {
    if (reported.kind !== 'scan') continue;
    const { id, tree = '' } = reported.job;
    const before = latest.get(tree);
    latest.set(tree, reported);
    if (!before) continue;
    const [old, current] = [before, reported].map((job) => findingsOf(job).map(({ finding }) => finding));
    history.set(id, {
      since: before.job.id,
      came: without(current ?? [], old ?? []),
      went: without(old ?? [], current ?? []),
    });
  }
  return history;
}

function without(findings: readonly ReportedFinding[], others: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return findings.filter(({ fingerprint }) => !known.has(fingerprint));
}
