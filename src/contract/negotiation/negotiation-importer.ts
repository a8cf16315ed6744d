// What do exporters see of an importer?

import type { Dialect } from '../documents/dialect.js';
import type { Importer, PinVerdict, PrivateHook, StaticImporter } from '../model/importer.js';
import type { MappingTypes } from '../model/mapping-types.js';
import type { MissingPart } from '../partial/missing-parts.js';
import type { Place, TraceStep } from '../places.js';
import { typesInWords } from './negotiation-types.js';

/** Whether something holds, as far as the code shows. */
export type Answer = 'yes' | 'no' | 'unknown';

/** What exporters see of an importer, and what it does when an exporter invalidates its mapping. */
export interface ImporterSide {
  /** `file:ops`, or `static`. */
  readonly key: string;
  readonly name: string;
  readonly kind: 'ops' | 'static';
  /** Where its table is; null for the static importers. */
  readonly place: Place | null;
  readonly isTest: boolean;
  /** What of its driver is not in the tree. */
  readonly missing: MissingPart | null;
  readonly allowPeer2peer: boolean;
  readonly pins: PinVerdict;
  /** Whether it keeps its pin while it maps. */
  readonly keepsPin: boolean;
  /** Whether it goes on without a pin where the pin fails. */
  readonly ignoresPin: boolean;
  /** Set for one that takes only the buffers of some exporters, which it asks by functions of theirs. */
  readonly privateHook: PrivateHook | null;
  /** Whether an exporter that checks finds it revocable. */
  readonly looksRevocable: Answer;
  /** Whether its access to the memory stops after the invalidation. */
  readonly stopsAccess: Answer;
  /** Whether it then unmaps soon; `none` for an importer that never maps, and so owes no unmap. */
  readonly unmaps: Answer | 'none';
  /** What its callback does, as a clause: `its move_notify only warns`. */
  readonly behaviour: string;
  readonly callback: string | null;
  /** What it accepts, one list for each that it attaches with; null where the tree's core has no mapping types. */
  readonly mappingTypes: readonly MappingTypes[] | null;
  readonly attachSites: readonly Place[];
  readonly attachTrace: readonly TraceStep[];
  readonly pinTrace: readonly TraceStep[];
  readonly callbackTrace: readonly TraceStep[];
}

/** Returns what the negotiation needs of an importer with ops. */
export function importerSide(importer: Importer, dialect: Dialect): ImporterSide {
  const { table, verdict, place, attachPlaces: sites, pinUses, mapUses } = importer;
  const hidesPin = importer.status === 'unknown' && (verdict.kind === 'unmaps' || verdict.kind === 'blocks-access');
  return {
    key: `${table.path}:${table.name}`,
    name: table.name,
    kind: 'ops',
    place,
    isTest: importer.isTest,
    missing: importer.missing,
    allowPeer2peer: importer.allowPeer2peer,
    pins: hidesPin ? 'sometimes' : importer.pins,
    keepsPin: pinUses.some(({ temporary }) => !temporary),
    ignoresPin: importer.ignoresPin,
    privateHook: importer.privateHook,
    looksRevocable: looksRevocable(importer),
    ...behaviourOf(importer, dialect.callback, mapUses.length > 0),
    callback: importer.callback,
    mappingTypes: importer.mappingTypes,
    attachSites: sites,
    attachTrace: [
      ...stepsAt(sites.slice(0, 1), (name) => `attached here by ${name}`),
      { file: place.file, line: place.line, message: `the ops are '${table.name}'` },
    ],
    pinTrace: stepsAt(
      pinUses.slice(0, 1).map(({ use }) => use.place),
      (name) => `pinned here by ${name}`,
    ),
    callbackTrace: 'trace' in verdict ? verdict.trace : [],
  };
}

/** Exporters check the marker where the tree has one, and otherwise the callback. */
function looksRevocable({ table, marker, verdict }: Importer): Answer {
  if (table.unreadable) return 'unknown';
  if (marker !== 'none') return marker === 'set' ? 'no' : 'yes';
  return verdict.kind === 'absent' ? 'no' : 'yes';
}

type Behaviour = Pick<ImporterSide, 'stopsAccess' | 'unmaps' | 'behaviour'>;

/** What an importer does when its callback runs. */
function behaviourOf({ verdict }: Importer, callback: string, maps: boolean): Behaviour {
  const owed = (unmaps: Answer): ImporterSide['unmaps'] => (maps ? unmaps : 'none');
  switch (verdict.kind) {
    case 'absent':
      return { stopsAccess: 'no', unmaps: owed('no'), behaviour: `it has no ${callback}` };
    case 'stub':
      return { stopsAccess: 'no', unmaps: owed('no'), behaviour: `its ${callback} only ${verdict.only}` };
    case 'unmaps':
      return { stopsAccess: 'yes', unmaps: owed('yes'), behaviour: `its ${callback} unmaps` };
    case 'blocks-access':
      return { stopsAccess: 'yes', unmaps: owed('no'), behaviour: `its ${callback} stops access (${verdict.how})` };
    case 'defers':
      return { stopsAccess: 'unknown', unmaps: owed('no'), behaviour: `its ${callback} defers the unmap` };
    case 'never-unmaps':
      return { stopsAccess: 'unknown', unmaps: owed('no'), behaviour: `its ${callback} never unmaps` };
    case 'opaque':
      return {
        stopsAccess: 'unknown',
        unmaps: owed('unknown'),
        behaviour: `its ${callback} cannot be followed through ${verdict.through}`,
      };
  }
}

/**
 * Returns the sides of the importers without ops: one for all, but for those that attach with a list of mapping types of their
 * own. The core pins for them while they map, and no exporter can revoke.
 */
export function staticSides(importers: readonly StaticImporter[]): readonly ImporterSide[] {
  const byTypes = new Map<string, StaticImporter[]>();
  for (const importer of importers) {
    const types = importer.isListed && importer.mappingTypes ? typesInWords(importer.mappingTypes) : '';
    byTypes.set(types, [...(byTypes.get(types) ?? []), importer]);
  }
  return [...byTypes].map(([types, some]) => staticSide(some, types === '' ? null : types));
}

function staticSide(importers: readonly StaticImporter[], types: string | null): ImporterSide {
  const sites = importers.map(({ place }) => place);
  const list = importers[0]?.mappingTypes;
  return {
    key: types === null ? 'static' : `static:${types}`,
    name: types === null ? 'static importers' : `static importers (${types})`,
    kind: 'static',
    place: null,
    isTest: false,
    missing: null,
    allowPeer2peer: false,
    pins: 'always',
    keepsPin: true,
    ignoresPin: false,
    privateHook: null,
    looksRevocable: 'no',
    stopsAccess: 'no',
    unmaps: 'no',
    behaviour: 'it has no ops, and therefore no callback',
    callback: null,
    mappingTypes: list ? [list] : null,
    attachSites: sites,
    attachTrace: stepsAt(
      sites.slice(0, 1),
      (name) => `attached here by ${name}, one of ${sites.length} static importers`,
    ),
    pinTrace: [],
    callbackTrace: [],
  };
}

function stepsAt(places: readonly Place[], say: (name: string) => string): readonly TraceStep[] {
  return places.map(({ file, line, function: name }) => ({
    file,
    line,
    message: say(name ? `${name}()` : 'this file'),
  }));
}
