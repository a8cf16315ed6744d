import { type ExporterFacts, type ImporterFacts, isTestCode, type TraceStep } from '../../src/contract/index.js';
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

/** Exporters that let in, from this patch on, an importer that cannot follow. */
function* openings(
  before: TreeFacts,
  after: TreeFacts,
  patch: number,
  later: readonly JudgedPatch[],
): Iterable<SeriesReport> {
  for (const exporter of after.inventory.exporters) {
    if (!exporter.revokes || isTestCode(exporter.file)) continue;
    const former = before.inventory.exporters.find((other) => sameTable(other, exporter));
    const victims = victimsOf(after, exporter).filter((importer) => !(former?.revokes && meets(former, importer)));
    const [first] = victims;
    if (!first) continue;
    const repair = later.find(({ after: facts }) => facts && !isOpenTo(facts, exporter, victims));
    const until = repair ? `, until patch ${repair.patch.number} mends it` : '';
    const isCertain = after.certainRevokers.includes(`${exporter.file}:${exporter.ops}`);
    yield {
      patch,
      path: exporter.file,
      line: exporter.line,
      column: 1,
      subject: exporter.ops,
      confidence: isCertain ? 'high' : 'medium',
      message: `exporter '${exporter.ops}' begins to ${former?.revokes ? 'let importers in' : 'revoke'} while ${inWords(victims)}${until}: a device goes on using memory that was taken away`,
      trace: [...exporter.invalidates.slice(0, 1).map(revokedHere), ...victims.slice(0, 3).map(tableHere)],
    };
  }
}

/** The importers of a tree that an exporter lets in though they cannot follow when it revokes. */
function victimsOf({ inventory, callbackRequired }: TreeFacts, exporter: ExporterFacts): readonly ImporterFacts[] {
  return inventory.importers.filter(
    (importer) =>
      !isTestCode(importer.file) &&
      // Where the core requires the callback, who has none attaches to nobody.
      !(callbackRequired && importer.callbackKind === 'absent') &&
      meets(exporter, importer),
  );
}

/** Whether, on a later tree, an exporter still lets any of some importers in. */
function isOpenTo(facts: TreeFacts, exporter: ExporterFacts, importers: readonly ImporterFacts[]): boolean {
  const now = facts.inventory.exporters.find((other) => sameTable(other, exporter));
  if (!now?.revokes) return false;
  const open = victimsOf(facts, now);
  return importers.some(({ ops, file }) => open.some((other) => other.ops === ops && other.file === file));
}

function sameTable(one: ExporterFacts, other: ExporterFacts): boolean {
  return one.ops === other.ops && one.file === other.file;
}

/** Whether an exporter lets in an importer that cannot follow when it revokes. */
function meets(exporter: ExporterFacts, importer: ImporterFacts): boolean {
  if (exporter.requiresPeer2peer && !importer.allowPeer2peer) return false;
  if (exporter.pinPolicy === 'refuses-all' && importer.pins !== 'never') return false;
  switch (importer.status) {
    case 'undeclared-non-revocable':
      return true; // no exporter can see it
    case 'unsafe':
      // With a callback that does nothing it passes for one that can.
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

/** `importer 'x_ops' cannot be invalidated and is not marked`. */
function inWords(importers: readonly ImporterFacts[]): string {
  const [first, ...others] = importers.map(({ ops }) => `'${ops}'`);
  const lacks = importers.every(isMarked) ? 'refused' : importers.some(isMarked) ? 'marked or refused' : 'marked';
  return others.length > 0
    ? `importers ${first} and ${others.length} more cannot be invalidated and are not ${lacks}`
    : `importer ${first} cannot be invalidated and is not ${lacks}`;
}

function revokedHere({ file, line, function: inside }: ExporterFacts['invalidates'][number]): TraceStep {
  return { file, line, message: `revoked here by ${inside ?? 'the exporter'}()` };
}

function tableHere({ file, line, ops, status }: ImporterFacts): TraceStep {
  return { file, line, message: `the ops are '${ops}': ${status}` };
}
