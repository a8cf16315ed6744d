import { byPlace, inventoryOf } from '../contract/index.js';
import type { Result } from '../lint/index.js';
import type { RunReport } from './run-report.js';
import { counts } from './summary.js';
import { textOfContract } from './text.js';

/** Lines of files that were written by what is judged, 1-based. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

/** What a scan of a tree found, for the formats of other programs. */
export function scanReport(
  result: Result,
  { repository, changedLines }: { readonly repository: string | null; readonly changedLines: ChangedLines },
): RunReport {
  const { contract, findings, known, revision, suppressed } = result;
  const group = {
    patch: null,
    findings,
    notAnalysed: [...contract.notAnalysed].sort(byPlace),
    textOf: textOfContract(contract),
    isChanged: (file: string, line: number) => changedLines.get(file)?.has(line) ?? false,
  };
  return {
    command: 'scan',
    subject: subjectOf(contract.kernelVersion),
    revision,
    repository,
    groups: [group],
    inventory: inventoryOf(contract),
    suppressed,
    known: known ?? null,
    summary: counts(result),
  };
}

/** `linux 7.3.4`. */
export function subjectOf(kernelVersion: string | null): string {
  return kernelVersion === null ? 'linux' : `linux ${kernelVersion}`;
}
