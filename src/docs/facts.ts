import type { PhrasingContent } from 'mdast';
import { callsIn } from '../c/index.js';
import { type Contract, dmaBufCore, dynamicAttach, type Importer, mapFunctions } from '../contract/index.js';
import { functionsIn } from '../program/index.js';
import {
  callbackWords,
  exporterSides,
  factTables,
  listWords,
  type TableName,
  tableNode,
  userNames,
} from './page/tables.js';
import type { Substitutes } from './source.js';

const reservationHeader = 'include/linux/dma-resv.h';
const bookkeepUsage = 'DMA_RESV_USAGE_BOOKKEEP';

/** When the core pins for importers without ops. */
export type CorePins = 'attach' | 'map' | null;

/** What the texts say of one tree beyond its tables. */
export interface DialectFacts {
  readonly callback: string;
  readonly notify: string;
  readonly check: string | null;
  readonly marker: { readonly field: string; readonly setMeansCannot: boolean } | null;
  readonly isRequired: boolean;
  readonly corePins: CorePins;
  /** The class of fences that a revocation waits for; null before Linux 5.19, which has no classes. */
  readonly usage: string | null;
  readonly wait: string;
}

/** Reads them from a tree. */
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
    usage: reservation === undefined || reservation.includes(bookkeepUsage) ? bookkeepUsage : null,
    wait: /\b(dma_resv_wait_timeout\w*)\(/.exec(reservation ?? '')?.[1] ?? 'dma_resv_wait_timeout',
  };
}

/** By which of its functions the core calls the exporter's pin itself, for importers that do not. */
function whenCorePins({ codebase }: Contract): CorePins {
  const pins = new Set(
    functionsIn(codebase.program, dmaBufCore)
      .filter((ref) =>
        callsIn(codebase.program.lower(ref).body).some(
          ({ call }) => call.callee.kind === 'member' && call.callee.member === 'pin',
        ),
      )
      .map(({ outline }) => outline.name),
  );
  if (pins.has(dynamicAttach)) return 'attach';
  return mapFunctions.some((name) => pins.has(name)) ? 'map' : null;
}

/** The names and conditions of a dialect, without its tables. */
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
      ['required', facts.isRequired],
      ['optional', !facts.isRequired],
      ['check', facts.check !== null],
      ['marker', marker !== null],
      ['marker-means-cannot', marker?.setMeansCannot === true],
      ['marker-means-can', marker?.setMeansCannot === false],
      ['pins-at-attach', facts.corePins === 'attach'],
      ['pins-at-map', facts.corePins === 'map'],
      ['usage', facts.usage !== null],
    ]),
  };
}

/** Two lines of C, the second aligned as the kernel does it. */
function waitCall({ wait, usage }: DialectFacts): string {
  const call = `${wait}(resv, ${usage ?? 'true'}, false,`;
  const column = 8 + wait.length + 1;
  const indent = '\t'.repeat(Math.floor(column / 8)) + ' '.repeat(column % 8);
  return `${call}\n${indent}MAX_SCHEDULE_TIMEOUT);`;
}

/** All that the texts may ask of one tree. */
export function substitutesOf(contract: Contract): Substitutes {
  const { names, flags } = dialectSubstitutes(dialectFacts(contract));
  const tables = factTables(contract);
  const { active, passive } = exporterSides(contract);
  const withStatus = (status: Importer['status']): readonly Importer[] =>
    contract.importers.filter((importer) => importer.status === status && !importer.isTest);
  const unmarked = withStatus('undeclared-non-revocable');
  const declared = withStatus('declared-non-revocable');
  return {
    names,
    flags: new Map([
      ...flags,
      ['config', /\bCONFIG_DMABUF_MOVE_NOTIFY\b/.test(contract.codebase.program.peek(dmaBufCore) ?? '')],
      ['importers', contract.importers.length > 0],
      ['unmarked', unmarked.length > 0],
      ['declared', declared.length > 0],
      ['unknown-importers', contract.importers.some(({ status }) => status === 'unknown')],
      ['static', tables['static-importers'].rows.length > 0],
      ['active-exporters', active.length > 0],
      ['passive-exporters', passive.length > 0],
    ]),
    phrases: new Map([
      ['unmarked-importers', sentences(unmarked, unmarkedSentence)],
      ['declared-importers', sentences(declared, declaredSentence)],
    ]),
    blocks: new Map(
      (Object.keys(tables) as TableName[]).map((name) => [
        name,
        tables[name].rows.length > 0 ? [tableNode(tables[name])] : [],
      ]),
    ),
  };
}

/** What a subsystem is called, by the folder of its drivers. */
const subsystems: readonly (readonly [string, string])[] = [
  ['drivers/infiniband/', 'RDMA'],
  ['drivers/gpu/drm/', 'DRM'],
  ['drivers/media/', 'media'],
  ['drivers/vfio/', 'VFIO'],
  ['drivers/iommu/iommufd/', 'IOMMUFD'],
];

/** What the sentences about single importers look like on a page. */
export const importerSentences =
  /^(?:(?:\w+'s )?``\w+``(?:, which [\w, ]+ uses?,)? pins the buffer(?:, cannot be revoked, and says so\.| and cannot be revoked: [^.]*\. Exporters cannot tell\.) ?)+$/;

function opening({ table }: Importer): readonly PhrasingContent[] {
  const subsystem = subsystems.find(([folder]) => table.path.startsWith(folder))?.[1];
  return [...(subsystem ? [text(`${subsystem}'s `)] : []), code(table.name)];
}

function users(importer: Importer): string {
  const names = userNames(importer);
  return names.length > 0 ? `, which ${listWords(names)} ${names.length === 1 ? 'uses' : 'use'},` : '';
}

function unmarkedSentence(importer: Importer): readonly PhrasingContent[] {
  const does = callbackWords(importer);
  const what = does === 'has no callback' ? 'has no callback' : `its callback ${does}`;
  return [
    ...opening(importer),
    text(`${users(importer)} pins the buffer and cannot be revoked: ${what}. Exporters cannot tell.`),
  ];
}

function declaredSentence(importer: Importer): readonly PhrasingContent[] {
  return [...opening(importer), text(`${users(importer)} pins the buffer, cannot be revoked, and says so.`)];
}

function sentences(
  importers: readonly Importer[],
  sentence: (importer: Importer) => readonly PhrasingContent[],
): readonly PhrasingContent[] {
  return importers.flatMap((importer, index) => [...(index > 0 ? [text(' ')] : []), ...sentence(importer)]);
}

function text(value: string): PhrasingContent {
  return { type: 'text', value };
}

function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value };
}
