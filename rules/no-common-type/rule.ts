import {
  type CellChange,
  compareNegotiations,
  type Inventory,
  keyOfOps,
  opsOfKey,
  type TraceStep,
} from '../../src/contract/index.js';
import { defineSeriesRule, type JudgedPatch, type SeriesReport, type TreeFacts } from '../../src/lint/index.js';

export default defineSeriesRule({
  id: 'no-common-type',
  group: 'series',
  severity: 'warning',
  *check({ patches }) {
    for (const [index, { before, after }] of patches.entries())
      if (before && after && before !== after) yield* partings(before, after, index, patches.slice(index + 1));
  },
});

/** Reports the drivers that can no longer attach to others with this patch: their lists have no mapping type in common any more. */
function* partings(
  before: TreeFacts,
  after: TreeFacts,
  patch: number,
  later: readonly JudgedPatch[],
): Iterable<SeriesReport> {
  const parted = compareNegotiations(before.negotiation, after.negotiation).cells.filter(
    (change) => change.after.cause === 'no common type',
  );
  for (const [key, changes] of bySide(parted, before, after)) {
    const side = sideOf(after.inventory, key);
    const [first] = changes;
    if (!first || !side) continue;
    const others = changes.map((change) => otherOf(change, key));
    const repair = later.find(({ after: facts }) => facts && changes.every((change) => meets(facts, change)));
    const until = repair ? `, until patch ${repair.patch.number} fixes it` : '';
    yield {
      patch,
      path: side.file,
      line: side.line,
      column: 1,
      subject: side.ops,
      // What is unknown of the tree before may have been the same there.
      confidence: changes.some((change) => change.before.verdict === 'unknown') ? 'medium' : 'high',
      message: `${side.kind} '${side.ops}' no longer has a mapping type in common with ${inWords(others)}${until}: the attach fails with -EOPNOTSUPP`,
      trace: others.flatMap((other) => stepsAt(after.inventory, other)).slice(0, 3),
    };
  }
}

/** The changes by the side that has another list than before: the exporter's, or else the importer's. */
function bySide(
  changes: readonly CellChange[],
  before: TreeFacts,
  after: TreeFacts,
): ReadonlyMap<string, CellChange[]> {
  const groups = new Map<string, CellChange[]>();
  for (const change of changes) {
    const { importer, exporter } = change.after;
    const isExporter =
      typesOf(before.inventory, change.before.exporter) !== typesOf(after.inventory, exporter) || importer === 'static';
    const key = isExporter ? exporter : importer;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return groups;
}

/** The types in the lists of a driver, as text to compare. */
function typesOf({ importers, exporters }: Inventory, key: string): string {
  const importer = importers.find((one) => keyOfOps(one) === key);
  const exporter = exporters.find((one) => keyOfOps(one) === key);
  const lists = importer?.mappingTypes ?? (exporter?.mappingTypes ? [exporter.mappingTypes] : []);
  return lists.map(({ entries }) => entries.map(({ type }) => type).join()).join(';');
}

interface Side {
  readonly kind: 'importer' | 'exporter';
  readonly file: string;
  readonly line: number;
  readonly ops: string;
}

function sideOf({ importers, exporters }: Inventory, key: string): Side | undefined {
  const is = (one: Omit<Side, 'kind'>): boolean => keyOfOps(one) === key;
  const exporter = exporters.find(is);
  if (exporter) return { ...exporter, kind: 'exporter' };
  const importer = importers.find(is);
  return importer && { ...importer, kind: 'importer' };
}

function otherOf({ after: { importer, exporter } }: CellChange, key: string): string {
  return importer === key ? exporter : importer;
}

/** Whether two drivers have a type in common in a later tree, or one of them is gone. */
function meets({ negotiation: { cells } }: TreeFacts, { after: { importer, exporter } }: CellChange): boolean {
  const cell = cells.find((one) => one.importer === importer && one.exporter === exporter);
  return cell?.cause !== 'no common type';
}

function inWords(keys: readonly string[]): string {
  const [first = '', ...others] = keys.map((key) =>
    key.startsWith('static') ? 'static importers' : `'${opsOfKey(key)}'`,
  );
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}

function stepsAt(inventory: Inventory, key: string): readonly TraceStep[] {
  const side = sideOf(inventory, key);
  return side ? [{ file: side.file, line: side.line, message: `the ops are '${side.ops}'` }] : [];
}
