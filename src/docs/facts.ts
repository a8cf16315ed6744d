import { type CallInBody, callsIn } from '../c/index.js';
import type { Contract } from '../contract/index.js';
import {
  dmaBufCore,
  functionsWithRole,
  functionWithRole,
  matchOp,
  reservationHeader,
  reservationWaitIn,
  widestUsage,
} from '../kernel/index.js';
import { functionsIn } from '../program/index.js';
import type { Substitutes } from './source.js';

/** When the core pins for importers without ops; null if it never does. */
type CorePins = 'attach' | 'map' | null;

/** The names and facts of one dialect of the contract, as our texts need them. */
export interface DialectFacts {
  readonly callback: string;
  readonly notify: string;
  readonly check: string | null;
  readonly marker: { readonly field: string; readonly setMeansCannot: boolean } | null;
  readonly isRequired: boolean;
  readonly corePins: CorePins;
  /** The core maps at attach, and keeps that mapping, if only one of importer and exporter is dynamic (up to 6.12). */
  readonly cachesAtAttach: boolean;
  /** Without CONFIG_DMABUF_MOVE_NOTIFY the core pins for every importer that maps (up to 7.0). */
  readonly pinsWithoutConfig: boolean;
  /** The core has importer and exporter agree on a mapping type. */
  readonly hasMappingTypes: boolean;
  /** The class of fences that a revocation waits for; null before Linux 5.19, which has no classes. */
  readonly usage: string | null;
  /** The function that waits for the fences of a reservation object under the name that the tree has. */
  readonly wait: string;
}

/** Reads the facts of a tree's dialect. */
export function dialectFacts(contract: Contract): DialectFacts {
  const { dialect, codebase } = contract;
  const reservation = codebase.program.peek(reservationHeader);
  const [marker] = dialect.markers;
  return {
    callback: dialect.callback,
    notify: dialect.notify,
    check: dialect.revocableCheck,
    marker: marker ?? null,
    isRequired: dialect.callbackRequired,
    corePins: whenCorePins(contract),
    cachesAtAttach: reachesSlot(contract, 'map_dma_buf').has(functionWithRole('dynamic-attach')),
    pinsWithoutConfig: /\bCONFIG_DMABUF_MOVE_NOTIFY\b/.test(codebase.program.peek(dmaBufCore) ?? ''),
    hasMappingTypes: dialect.exporterFields.includes(matchOp),
    usage: reservation === undefined || reservation.includes(widestUsage) ? widestUsage : null,
    wait: reservationWaitIn(reservation ?? ''),
  };
}

/** Finds the function of the core that calls the exporter's pin on behalf of importers without ops. */
function whenCorePins(contract: Contract): CorePins {
  const pins = callersOf(contract, ({ slot }) => slot === 'pin');
  if (pins.has(functionWithRole('dynamic-attach'))) return 'attach';
  return functionsWithRole('map').some((name) => pins.has(name)) ? 'map' : null;
}

/** The functions of the core that call a slot of the exporter's ops, in their own body or through one function. */
function reachesSlot(contract: Contract, slot: string): ReadonlySet<string> {
  const direct = callersOf(contract, (call) => call.slot === slot);
  const through = callersOf(contract, ({ name }) => name !== null && direct.has(name));
  return new Set([...direct, ...through]);
}

function callersOf({ codebase }: Contract, matches: (call: CallInBody) => boolean): ReadonlySet<string> {
  return new Set(
    functionsIn(codebase.program, dmaBufCore)
      .filter((ref) => callsIn(codebase.program.lower(ref).body).some(matches))
      .map(({ outline }) => outline.name),
  );
}

/** The names and conditions of a dialect, for the placeholders and `:::when` of our texts. */
export function dialectSubstitutes(facts: DialectFacts): Pick<Substitutes, 'flags' | 'names'> {
  const { marker } = facts;
  const names: [string, string | null][] = [
    ['callback', facts.callback],
    ['notify', facts.notify],
    ['check', facts.check],
    ['marker', marker?.field ?? null],
    ['usage', facts.usage],
    ['wait', facts.wait],
    ['wait-call', waitCall(facts)],
  ];
  return {
    names: new Map(names.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))),
    flags: new Map([
      ['callback-required', facts.isRequired],
      ['callback-optional', !facts.isRequired],
      ['has-check', facts.check !== null],
      ['no-check', facts.check === null],
      ['has-marker', marker !== null],
      ['no-marker', marker === null],
      ['marker-means-cannot', marker?.setMeansCannot === true],
      ['marker-means-can', marker?.setMeansCannot === false],
      ['pins-at-attach', facts.corePins === 'attach'],
      ['pins-at-map', facts.corePins === 'map'],
      ['caches-at-attach', facts.cachesAtAttach],
      ['no-cache', !facts.cachesAtAttach],
      ['pins-without-config', facts.pinsWithoutConfig],
      ['has-fence-usage', facts.usage !== null],
      ['has-mapping-types', facts.hasMappingTypes],
      // Where a text stands: in the comment of the notify function, or elsewhere.
      ['in-notify', false],
      ['elsewhere', true],
    ]),
  };
}

/** The call that waits for fences: two lines of C, the second aligned as the kernel does it. */
function waitCall({ wait, usage }: DialectFacts): string {
  const call = `${wait}(resv, ${usage ?? 'true'}, false,`;
  const column = 8 + wait.length + 1;
  const indent = '\t'.repeat(Math.floor(column / 8)) + ' '.repeat(column % 8);
  return `${call}\n${indent}MAX_SCHEDULE_TIMEOUT);`;
}
