import type { TreeFacts } from '../../../lint/index.js';

/**
 * Whether drivers outside of a part can see what changes to the drivers in it do. An importer and an exporter know each
 * other only by what the inventory says of them.
 * @param stages the part before the changes, and after each
 */
export function isSeenOutside(stages: readonly TreeFacts[]): boolean {
  return new Set(stages.map(contractOf)).size > 1;
}

/** What others can see of the importers and exporters of a tree, as text. */
function contractOf({ inventory, callbackKinds, callbackRequired, certainRevokers, declared }: TreeFacts): string {
  const { dialect, importers, staticImporters, exporters } = inventory;
  const sides = [
    // Who uses and pins an importer, and where, is its own concern; whether it pins is in `pins`.
    ...importers.map(({ attachSites, pinSites, usedBy, ...seen }, index) => ({ ...seen, kind: callbackKinds[index] })),
    ...staticImporters,
    ...exporters.map(({ invalidates, ...seen }) => ({ ...seen, moves: invalidates.length > 0 })),
  ];
  const words = sides.map((side) => JSON.stringify(side, withoutLines)).sort();
  return JSON.stringify([dialect, words, callbackRequired, certainRevokers, declared]);
}

/** A driver is the same on another line. */
function withoutLines(key: string, value: unknown): unknown {
  return key === 'line' ? undefined : value;
}
