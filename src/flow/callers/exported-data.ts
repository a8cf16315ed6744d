// Which lock do exporters of one ops table share with what they put into `priv`?

import { gemExport } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { functionsIn } from '../../program/index.js';

/** Where the private data of an exporter has the reservation lock of its buffers. */
export interface LockOfData {
  /** The members that lead from `priv` to the lock: `resv`, or `gem` and `resv`. */
  readonly members: readonly string[];
  /** Whether the data holds the lock itself, and no pointer to it. */
  readonly isEmbedded: boolean;
}

/**
 * Returns where the lock of a buffer stands in its private data, as the code says that exports with an ops table:
 * `info.priv = bo; info.resv = bo->resv`. Null where two of them differ, or one says nothing of it.
 */
export function lockOfExportedData(codebase: Codebase, path: string, table: string): LockOfData | null {
  const usesTable = new RegExp(`\\.\\s*ops\\s*=\\s*&\\s*${table}\\b`);
  const found = codebase.definitions
    .module(path)
    .filter((file) => codebase.program.mayHoldWhole(file, table) && usesTable.test(codebase.program.peek(file) ?? ''))
    .flatMap((file) => functionsIn(codebase.program, file))
    .map((ref) => codebase.program.bodyText(ref))
    .filter((body) => usesTable.test(body))
    .map(lockOfDataIn);
  const [first, ...others] = found;
  if (found.length === 0)
    return isOfGem(codebase, path, table) ? { members: [gemExport.lock], isEmbedded: false } : null;
  if (!first) return null;
  const text = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === text) ? first : null;
}

/**
 * Whether the buffers of a table use DRM's own release: then they belong to GEM objects, which share the lock of their
 * buffer.
 */
function isOfGem({ program }: Codebase, path: string, table: string): boolean {
  const file = program.file(path);
  const variable = file?.unit.variables.find(({ name }) => name === table);
  return (
    file !== undefined && variable !== undefined && releasesGem.test(file.code.slice(variable.start, variable.end))
  );
}

const releasesGem = new RegExp(`\\.\\s*release\\s*=\\s*&?\\s*${gemExport.release}\\b`);

/** What one function says that exports; null where it fills the two members more than once, or in another way. */
function lockOfDataIn(body: string): LockOfData | null {
  const data = onlyValueOf(body, 'priv');
  const lock = onlyValueOf(body, 'resv');
  if (data === undefined || lock === undefined) return null;
  const isEmbedded = lock.startsWith('&');
  const object = data.startsWith('&') ? `${data.slice(1)}.` : `${data}->`;
  const place = isEmbedded ? lock.slice(1) : lock;
  const rest = place.startsWith(object) ? place.slice(object.length) : '';
  return /^\w+(?:\.\w+)*$/.test(rest) ? { members: rest.split('.'), isEmbedded } : null;
}

/** The only value that a member of the export information gets, without spaces. */
function onlyValueOf(body: string, member: string): string | undefined {
  const values = [...body.matchAll(new RegExp(`\\.\\s*${member}\\s*=(?!=)\\s*([^;,{}]+)`, 'g'))];
  return values.length === 1 ? values[0]?.[1]?.replace(/\s+/g, '') : undefined;
}
