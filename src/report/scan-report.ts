import { byPlace } from '../contract/by-place.js';
import type { ScanOutcome } from '../lint/index.js';
import type { RunReport } from './run-report.js';
import { counts } from './text/summary.js';

/** The lines that the judged change wrote, by file, 1-based. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

/** Turns the outcome of a scan into a report. */
export function scanReport(
  outcome: ScanOutcome,
  { repository, changedLines }: { readonly repository: string | null; readonly changedLines: ChangedLines },
): RunReport {
  const { facts, findings, known, revision, textOf } = outcome;
  const group = {
    patch: null,
    findings,
    notAnalysed: [...facts.notAnalysed].sort(byPlace),
    textOf,
    isChanged: (file: string, line: number) => changedLines.get(file)?.has(line) ?? false,
  };
  return {
    command: 'scan',
    subject: subjectOf(facts.kernelVersion),
    revision,
    repository,
    groups: [group],
    inventory: facts.inventory,
    suppressed: facts.suppressed,
    known: known ?? null,
    summary: counts(outcome),
  };
}

/** A kernel as reports name it, `linux 7.3.4`. */
export function subjectOf(kernelVersion: string | null): string {
  return kernelVersion === null ? 'linux' : `linux ${kernelVersion}`;
}
