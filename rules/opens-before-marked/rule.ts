import { type ExporterFacts, type ImporterFacts, keyOfOps, type TraceStep } from '../../src/contract/index.js';
import { defineSeriesRule, type JudgedPatch, type SeriesReport, type TreeFacts } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'opens-before-marked',
  group: 'series',
  severity: 'error',
  *check({ patches }) {
    for (const [index, { before, after }] of patches.entries())
      if (before && after && before !== after) yield* openings(before, after, index, patches.slice(index + 1));
  },
});

/** Reports the exporters that accept a non-revocable importer with this patch, and did not before. */
function* openings(
  before: TreeFacts,
  after: TreeFacts,
  patch: number,
  later: readonly JudgedPatch[],
): Iterable<SeriesReport> {
  for (const exporter of after.inventory.exporters) {
    if (!exporter.revokes || after.testFiles.includes(exporter.file)) continue;
    const former = before.inventory.exporters.find((other) => sameTable(other, exporter));
    const victims = victimsOf(after, exporter).filter((importer) => !(former?.revokes && accepts(former, importer)));
    const [first] = victims;
    if (!first) continue;
    const repair = later.find(({ after: facts }) => facts && !isOpenTo(facts, exporter, victims));
    const until = repair ? `, until patch ${repair.patch.number} fixes it` : '';
    const isCertain = after.certainRevokers.includes(keyOfOps(exporter));
    yield {
      patch,
      path: exporter.file,
      line: exporter.line,
      column: 1,
      subject: exporter.ops,
      confidence: isCertain ? 'high' : 'medium',
      message: `exporter '${exporter.ops}' begins to ${former?.revokes ? 'accept importers' : 'revoke'} while ${inWords(victims)}${until}: a device keeps using memory that was taken away`,
      trace: [...exporter.invalidates.slice(0, 1).map(revokedHere), ...victims.slice(0, 3).map(tableHere)],
    };
  }
}

/** The importers of a tree that an exporter accepts though they cannot be revoked. */
function victimsOf(
  { inventory, callbackRequired, testFiles, negotiation }: TreeFacts,
  exporter: ExporterFacts,
): readonly ImporterFacts[] {
  return inventory.importers.filter(
    (importer) =>
      !testFiles.includes(importer.file) &&
      // Where the core requires the callback, an importer without it cannot attach at all.
      !(callbackRequired && importer.callbackKind === 'absent') &&
      accepts(exporter, importer) &&
      !negotiation.cells.some(
        (cell) =>
          cell.cause === 'no common type' &&
          cell.importer === keyOfOps(importer) &&
          cell.exporter === keyOfOps(exporter),
      ),
  );
}

/** Whether, in a later tree, an exporter still accepts one of these importers. */
function isOpenTo(facts: TreeFacts, exporter: ExporterFacts, importers: readonly ImporterFacts[]): boolean {
  const now = facts.inventory.exporters.find((other) => sameTable(other, exporter));
  if (!now?.revokes) return false;
  const open = victimsOf(facts, now);
  return importers.some(({ ops, file }) => open.some((other) => other.ops === ops && other.file === file));
}

function sameTable(one: ExporterFacts, other: ExporterFacts): boolean {
  return one.ops === other.ops && one.file === other.file;
}

/** Whether an exporter accepts an importer that cannot be revoked. */
function accepts(exporter: ExporterFacts, importer: ImporterFacts): boolean {
  if (exporter.requiresPeer2peer && !importer.allowPeer2peer) return false;
  if (exporter.pinPolicy === 'refuses-all' && importer.pins !== 'never') return false;
  switch (importer.status) {
    case 'undeclared-non-revocable':
      return true; // no exporter can tell it from a revocable importer
    case 'unsafe':
      // With a callback that does nothing it looks revocable.
      return importer.callbackKind !== 'absent' || !exporter.rejectsNonRevocable;
    case 'declared-non-revocable':
      return !exporter.rejectsNonRevocable;
    case 'revocable':
    case 'unknown':
      return false;
  }
}

function isMarked({ status }: ImporterFacts): boolean {
  return status === 'declared-non-revocable';
}

/** Words for some importers: `importer 'x_ops' cannot be invalidated and is not marked`. */
function inWords(importers: readonly ImporterFacts[]): string {
  const [first, ...others] = importers.map(({ ops }) => `'${ops}'`);
  const lacks = importers.every(isMarked) ? 'refused' : importers.some(isMarked) ? 'marked or refused' : 'marked';
  return others.length > 0
    ? `importers ${first} and ${others.length} more cannot be invalidated and are not ${lacks}`
    : `importer ${first} cannot be invalidated and is not ${lacks}`;
}

function revokedHere({ file, line, function: inside }: ExporterFacts['invalidates'][number]): TraceStep {
  return { file, line, message: `revoked here by ${inside === null ? 'the exporter' : `${inside}()`}` };
}

function tableHere({ file, line, ops, status }: ImporterFacts): TraceStep {
  return { file, line, message: `the ops are '${ops}': ${status}` };
}
