// Which importers does the tree have, and what do they do?

import { callbackNames, isFalseConstant, peerToPeerMember, roleOf } from '../../kernel/index.js';
import { type Codebase, sameDriver } from '../../program/index.js';
import { attachPlaces } from '../attachments/attach-places.js';
import type { Attachments } from '../attachments/attachments.js';
import { dropsResult } from '../attachments/dropped-results.js';
import { findUsers } from '../attachments/users.js';
import type { Dialect, MarkerField } from '../documents/dialect.js';
import type { MappingTypesOfTree } from '../mapping-types/mapping-types.js';
import type { AttachPath } from '../model/attachment.js';
import type { CallbackVerdict } from '../model/callback.js';
import type { Importer } from '../model/importer.js';
import type { MissingParts } from '../partial/missing-parts.js';
import { placeOf } from '../places.js';
import { functionFor, isSet, membersFor, type OpsTable, type TableMember } from '../tables/ops-table.js';
import { isTestCode } from '../test-code.js';
import { unique } from '../unique.js';
import { classifyAtSight, classifyCallback } from './callback.js';
import { statusOf } from './importer-status.js';
import { pinVerdict, usesOf } from './pins.js';
import { privateHookOf } from './private-hook.js';

/** What the importers of a tree are built from. */
interface ImporterSources {
  readonly tables: readonly OpsTable[];
  readonly attachPaths: readonly AttachPath[];
  readonly attachments: Attachments;
  /** Null where the tree's core has no mapping types. */
  readonly types: MappingTypesOfTree | null;
  readonly missing: MissingParts;
  /** Whether to follow the calls of callbacks, which takes most of the time. */
  readonly isThorough: boolean;
}

/** Builds the importers of a tree, in the order of their tables. */
export function buildImporters(
  codebase: Codebase,
  dialect: Dialect,
  { tables, attachPaths, attachments, types, missing, isThorough }: ImporterSources,
): readonly Importer[] {
  const classify = isThorough ? classifyCallback : classifyAtSight;
  return tables.map((table) => {
    const own = attachPaths.filter((path) => path.table === table);
    const isTest = isTestCode(codebase, table.path);
    // A driver that pins in its tests only does not pin.
    const pinUses = usesOf(codebase, attachments, own, 'pin').filter(
      ({ use }) => isTest || !isTestCode(codebase, use.ref.path),
    );
    const mapUses = usesOf(codebase, attachments, own, 'map');
    const pins = pinVerdict(own, pinUses);
    const verdict = callbackVerdict(codebase, dialect, table, classify);
    const marker = markerOf(dialect.markers, table);
    const part = partAround(missing, [table.path, ...own.map(({ site }) => site.ref.path)]);
    const isPinUnknown = pins === 'never' && (part !== null || hidesPin(table, attachments));
    return {
      table,
      place: placeOf(codebase, table.path, table.at, table.local),
      allowPeer2peer: isTrue(table, peerToPeerMember),
      callback: functionFor(table, dialect.callback),
      verdict,
      pins,
      pinUses,
      mapUses,
      ignoresPin: pinUses.length > 0 && pinUses.every(({ use }) => dropsResult(use, codebase.program.lower(use.ref))),
      privateHook: mapUses.length > 0 ? null : privateHookOf(codebase, own),
      attachPaths: own,
      attachPlaces: own.flatMap((path) => attachPlaces(codebase, path)),
      usedBy: findUsers(codebase, table, own),
      status: isPinUnknown ? 'unknown' : statusOf(dialect, { verdict, pins, pinUses, mapUses, marker }),
      mappingTypes: types && typesOf(types, own),
      marker,
      missing: part,
      isTest,
    };
  });
}

/** The lists with which an importer attaches, each once. */
function typesOf(types: MappingTypesOfTree, own: readonly AttachPath[]): Importer['mappingTypes'] {
  return unique(
    own.map((path) => types.ofAttach(path)),
    (one) => JSON.stringify(one),
  );
}

/** What is missing of the drivers that some files belong to: it may pin what the rest does not. */
function partAround(missing: MissingParts, paths: readonly string[]): Importer['missing'] {
  for (const path of paths) {
    const part = missing.around(path);
    if (part) return part;
  }
  return null;
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
    const set = given.some(({ value }) => !isFalseConstant(value));
    return set === setMeansCannot;
  });
  return says ? 'set' : 'clear';
}

/** The verdict on the callback in a table; where `#if` branches give several callbacks, the weakest verdict counts. */
function callbackVerdict(
  codebase: Codebase,
  dialect: Dialect,
  table: OpsTable,
  classify: typeof classifyCallback,
): CallbackVerdict {
  if (table.unreadable) return { kind: 'opaque', through: `the table: ${table.unreadable}`, trace: [] };
  if (!isSet(table, dialect.callback)) {
    // A callback under another name is there: it may be that of another kernel, and not compile here, or a second one.
    const other = table.members.find((member) => !member.isNull && mayBeCallback(codebase, dialect, table, member));
    return other
      ? { kind: 'opaque', through: `its member '${other.field}', whose meaning is not known here`, trace: [] }
      : { kind: 'absent' };
  }
  const names = membersFor(table, dialect.callback).flatMap((member) => (member.isNull ? [] : [member.functionName]));
  const verdicts = names.map((name): CallbackVerdict => {
    const found = name ? codebase.definitions.find(name, table.path) : undefined;
    return found
      ? classify(codebase, found)
      : { kind: 'opaque', through: `${name ?? 'a computed callback'}, whose source was not found`, trace: [] };
  });
  return (
    verdicts.sort((left, right) => weakness.indexOf(left.kind) - weakness.indexOf(right.kind))[0] ?? { kind: 'absent' }
  );
}

/** Whether a member may hold a callback: it is neither a marker nor the peer-to-peer flag, and its value is no constant. */
function mayBeCallback(
  codebase: Codebase,
  { markers }: Dialect,
  { path }: OpsTable,
  { field, functionName }: TableMember,
): boolean {
  if (field === peerToPeerMember || markers.some((marker) => marker.field === field)) return false;
  return (
    callbackNames.some((name) => name === field) ||
    (functionName !== null && codebase.definitions.find(functionName, path) !== undefined)
  );
}

/** The weakest verdict first. */
const weakness: readonly CallbackVerdict['kind'][] = [
  'stub',
  'never-unmaps',
  'defers',
  'opaque',
  'unmaps',
  'blocks-access',
  'absent',
];

/** Whether a macro in the importer's driver calls dma_buf_pin(): its uses are not expanded, so it may pin. */
function hidesPin(table: OpsTable, { problems }: Attachments): boolean {
  return problems.some(
    ({ kind, name, place }) => kind === 'in-macro' && roleOf(name) === 'pin' && sameDriver(place.file, table.path),
  );
}
