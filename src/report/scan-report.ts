import { byPlace } from '../contract/by-place.js';
import type { BriefNegotiation } from '../contract/index.js';
import { keyOfOps } from '../contract/negotiation/ops-keys.js';
import type { ScanOutcome, TreeFacts } from '../lint/index.js';
import type { RunReport } from './run-report.js';
import { counts } from './text/summary.js';

/** The lines that the judged change wrote, by file, 1-based. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

interface ScanReportOptions {
  readonly repository: string | null;
  readonly changedLines: ChangedLines;
  /** The commit that brought a finding in, as a `Fixes:` line names it, by its fingerprint. */
  readonly broughtIn?: ReadonlyMap<string, string>;
}

/** Turns the outcome of a scan into a report. */
export function scanReport(
  outcome: ScanOutcome,
  { repository, changedLines, broughtIn }: ScanReportOptions,
): RunReport {
  const { facts, findings, known, revision, textOf } = outcome;
  const group = {
    patch: null,
    findings,
    notAnalysed: [...facts.notAnalysed].sort(byPlace),
    textOf,
    ...(broughtIn ? { broughtIn } : {}),
    isChanged: (file: string, line: number) => changedLines.get(file)?.has(line) ?? false,
  };
  return {
    command: 'scan',
    subject: subjectOf(facts.kernelVersion),
    revision,
    repository,
    groups: [group],
    inventory: facts.inventory,
    negotiation: ofInventory(facts),
    suppressed: facts.suppressed,
    known: known ?? null,
    summary: counts(outcome),
  };
}

/** The pairs of which the inventory, which a scan of a part narrows, lists one side. */
function ofInventory({ inventory, negotiation }: TreeFacts): BriefNegotiation {
  const keys = (sides: readonly { readonly file: string; readonly ops: string }[]): ReadonlySet<string> =>
    new Set(sides.map(keyOfOps));
  const [importers, exporters] = [keys(inventory.importers), keys(inventory.exporters)];
  const hasStatic = inventory.staticImporters.length > 0;
  const cells = negotiation.cells.filter(
    ({ importer, exporter }) =>
      importers.has(importer) || exporters.has(exporter) || (hasStatic && /^static(?::|$)/.test(importer)),
  );
  const shown = new Set(cells.flatMap(({ importer, exporter }) => [importer, exporter]));
  const isShown = ({ key }: { readonly key: string }): boolean => shown.has(key);
  return {
    importers: negotiation.importers.filter(isShown),
    exporters: negotiation.exporters.filter(isShown),
    cells,
  };
}

/** A kernel as reports name it, `linux 7.3.4`. */
export function subjectOf(kernelVersion: string | null): string {
  return kernelVersion === null ? 'linux' : `linux ${kernelVersion}`;
}
