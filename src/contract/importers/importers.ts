import { peerToPeerMember } from '../../kernel/api.js';
import { type Codebase, type FunctionRef, sameDriver } from '../../program/index.js';
import type { Attachments } from '../attachments/attachments.js';
import type { Reach } from '../attachments/ops-at-attach.js';
import { createUserSearch } from '../attachments/users.js';
import type { Dialect, MarkerField } from '../documents/dialect.js';
import type { Importer, ImporterStatus, ImporterUse, PinVerdict } from '../model.js';
import { isTestCode, placeOf } from '../places.js';
import { functionFor, isSet, membersFor, type OpsTable } from '../tables/tables.js';
import type { CallbackVerdict } from './callback.js';
import { classifyAtSight, createCallbackClassifier } from './callback.js';
import { pinVerdict, usesOf } from './pins.js';

/**
 * Builds the importers of a tree from its ops tables.
 * @param isThorough whether callbacks are followed, which takes most of the time
 */
export function buildImporters(
  codebase: Codebase,
  dialect: Dialect,
  tables: readonly OpsTable[],
  reaches: readonly Reach[],
  attachments: Attachments,
  isThorough = true,
): readonly Importer[] {
  const classify = isThorough
    ? createCallbackClassifier(codebase)
    : (ref: FunctionRef) => classifyAtSight(codebase, ref);
  const usersOf = createUserSearch(codebase);
  return tables.map((table) => {
    const own = reaches.filter((reach) => reach.table === table);
    const pinUses = usesOf(codebase, attachments, own, 'pin');
    const mapUses = usesOf(codebase, attachments, own, 'map');
    const pins = pinVerdict(own, pinUses);
    const verdict = callbackVerdict(codebase, dialect, table, classify);
    const marker = markerOf(dialect.markers, table);
    return {
      table,
      place: placeOf(codebase, table.path, table.at, table.local),
      allowPeer2peer: isTrue(table, peerToPeerMember),
      callback: functionFor(table, dialect.callback),
      verdict,
      pins,
      pinUses,
      mapUses,
      reaches: own,
      usedBy: usersOf(table, own),
      status:
        hidesPin(table, attachments) && pins === 'never'
          ? 'unknown'
          : statusOf(dialect, verdict, pins, pinUses, mapUses, marker),
      marker,
      isTest: isTestCode(table.path),
    };
  });
}

function isTrue(table: OpsTable, field: string): boolean {
  return membersFor(table, field).some(
    ({ value }) => (value.kind === 'name' && value.name === 'true') || (value.kind === 'literal' && value.text === '1'),
  );
}

function markerOf(markers: readonly MarkerField[], table: OpsTable): Importer['marker'] {
  if (markers.length === 0) return 'none';
  const says = markers.some(({ field, setMeansCannot }) => {
    const given = membersFor(table, field);
    const set = given.some(
      ({ value }) =>
        !/^(false|0)$/.test(value.kind === 'name' ? value.name : value.kind === 'literal' ? value.text : 'x'),
    );
    return set === setMeansCannot;
  });
  return says ? 'set' : 'clear';
}

function callbackVerdict(
  codebase: Codebase,
  dialect: Dialect,
  table: OpsTable,
  classify: ReturnType<typeof createCallbackClassifier>,
): CallbackVerdict {
  if (table.unreadable) return { kind: 'opaque', through: `the table: ${table.unreadable}`, trace: [] };
  // A name of the other dialect is no callback here; the compiler says so too.
  if (!isSet(table, dialect.callback)) return { kind: 'absent' };
  const names = membersFor(table, dialect.callback).flatMap((member) => (member.isNull ? [] : [member.functionName]));
  const verdicts = names.map((name): CallbackVerdict => {
    const found = name ? codebase.definitions.find(name, table.path) : undefined;
    return found
      ? classify(found)
      : { kind: 'opaque', through: `${name ?? 'a computed callback'}, which is not to be found`, trace: [] };
  });
  return (
    verdicts.sort((left, right) => weakness.indexOf(left.kind) - weakness.indexOf(right.kind))[0] ?? { kind: 'absent' }
  );
}

/** Where `#if` branches give several callbacks, the weakest one counts. */
const weakness: readonly CallbackVerdict['kind'][] = [
  'stub',
  'never-unmaps',
  'defers',
  'opaque',
  'unmaps',
  'blocks-access',
  'absent',
];

/** Whether a pin in the importer's driver could not be read: then it cannot be said that there is none. */
function hidesPin(table: OpsTable, { problems }: Attachments): boolean {
  return problems.some(({ file, reason }) => sameDriver(file, table.path) && reason.startsWith('dma_buf_pin()'));
}

/** CONTRACT: what an importer with this callback, these pins and this mark is. */
function statusOf(
  dialect: Dialect,
  verdict: CallbackVerdict,
  pins: PinVerdict,
  pinUses: readonly ImporterUse[],
  mapUses: readonly ImporterUse[],
  marker: Importer['marker'],
): ImporterStatus {
  switch (verdict.kind) {
    case 'unmaps':
    case 'blocks-access':
      return marker === 'set' && pins !== 'never' ? 'declared-non-revocable' : 'revocable';
    case 'opaque':
    case 'defers':
    case 'never-unmaps':
      return marker === 'set' && pins !== 'never' ? 'declared-non-revocable' : 'unknown';
    case 'absent':
    case 'stub': {
      const lasting = pinUses.some((pin) => !pin.temporary);
      // What never maps uses no memory that could move, as far as can be seen.
      if (!lasting) return mapUses.length > 0 || verdict.kind === 'stub' ? 'unsafe' : 'unknown';
      if (marker !== 'none') return marker === 'set' ? 'declared-non-revocable' : 'undeclared-non-revocable';
      return verdict.kind === 'absent' && !dialect.callbackRequired
        ? 'declared-non-revocable'
        : 'undeclared-non-revocable';
    }
  }
}
