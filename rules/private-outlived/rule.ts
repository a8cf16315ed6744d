import { type Exporter, stepAt } from '../../src/contract/index.js';
import { defineRule, type Report } from '../../src/lint/index.js';
import type { Codebase } from '../../src/program/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'private-outlived',
  group: 'exporter',
  severity: 'warning',
  scope: 'driver',
  *check(contract) {
    const { codebase, exporters } = contract;
    const seen = new Set<string>();
    for (const exporter of exporters) {
      const report = reportOf(codebase, exporter);
      const place = report && `${report.path}:${report.at}`;
      if (!report || !place || seen.has(place)) continue;
      seen.add(place);
      yield report;
    }
    yield* reportMisuses(
      contract,
      ({ kind }) => kind === 'freed-private',
      (misuse) =>
        `${misuse.function}() frees what 'priv' of its dma-buf points to when it returns here: whoever has the buffer uses freed memory`,
    );
  },
});

function reportOf(codebase: Codebase, { table, outlived }: Exporter): Report | null {
  if (!outlived) return null;
  const { release, ref, at, why } = outlived;
  const about = { subject: table.name, confidence: 'medium' } as const;
  if (why.kind === 'freed-past-count')
    return {
      ...about,
      // A list may hold objects that were never exported, or that are kept for reuse.
      confidence: 'low',
      path: ref.path,
      at,
      message: `${ref.outline.name}() frees a struct ${why.tag} past its count, of which each exported buffer has a reference: user space may still hold the buffer`,
      trace: [
        stepAt(
          codebase,
          release.path,
          release.outline.nameAt,
          `${release.outline.name}() drops the reference of a buffer`,
        ),
      ],
    };
  if (why.kind === 'managed')
    return {
      ...about,
      // The driver may wait for the release before it lets the device go.
      confidence: why.isReleaseIdle ? 'medium' : 'low',
      path: ref.path,
      at,
      message: `'priv' points to memory from ${why.by}(), which the driver core frees when it unbinds the device: user space may still hold the buffer`,
      trace: [stepAt(codebase, ref.path, why.at, `${why.by}() ties the object to the device here`)],
    };
  return {
    ...about,
    path: release.path,
    at: release.outline.nameAt,
    message: `${release.outline.name}() does nothing for what 'priv' points to: whoever frees it does not know whether user space still has the buffer`,
    trace: [
      stepAt(codebase, table.path, table.at, `${release.outline.name}() is the release of '${table.name}'`),
      stepAt(codebase, ref.path, at, `${ref.outline.name}() stores the object here`),
    ],
  };
}
