import { exchanged, replacer } from '../../input/tree/renamed.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { apiRow, releasedFunctions } from '../api/api.js';
import { type ApiRole, type ApiRow, apiRows } from '../api/rows.js';
import {
  attachmentTag,
  dmaBufCore,
  dmaBufHeader,
  exporterOpsTag,
  importerCallback,
  importerOpsTag,
} from '../api/structs.js';
import { hasType, shapeComplaints, takesBuffer } from '../api/types.js';
import { coreFiles } from './core-files.js';
import { type Core, type CoreFunction, outlineCore, readCore, structNamesOf } from './core-functions.js';
import { deedInWords, findPlayers, isPlayedByName, type Player, rolesOfSlots } from './roles.js';

/** Something of the core that is not known: what depends on it is not analysed. */
export interface UnknownApi {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Null where the core lacks something. */
  readonly function: string | null;
  readonly message: string;
}

/** What a tree's own core says of its API. */
export interface LearnedApi {
  /** The tree's name of each function whose role is known by its code alone, with the name in the table of that role. */
  readonly names: ReadonlyMap<string, string>;
  /** The tree's name of each struct and member that we call otherwise, with our name. */
  readonly structs: ReadonlyMap<string, string>;
  /** Every function and macro of the core's headers. */
  readonly declared: ReadonlySet<string>;
  readonly unknown: readonly UnknownApi[];
}

const nothing: LearnedApi = { names: new Map(), structs: new Map(), declared: new Set(), unknown: [] };

/** The last core that was read: most trees that are analysed one after the other have the same. */
let last: { readonly texts: string; readonly learned: LearnedApi } | undefined;

/**
 * Learns the API of a tree from the code of its core: which function plays which role, whatever it is called, and what of it
 * is not known. Sources: drivers/dma-buf/dma-buf*.c and include/linux/dma-buf*.h of the tree.
 */
export function learnApi(tree: SourceTree): LearnedApi {
  const texts = new Map(coreFiles(tree).flatMap((path) => entry(path, tree.read(path))));
  if (!texts.has(dmaBufHeader) || !texts.has(dmaBufCore)) return nothing;
  const key = JSON.stringify([...texts]);
  if (last?.texts !== key) last = { texts: key, learned: learnFrom(texts) };
  return last.learned;
}

function entry(path: string, text: string | undefined): readonly (readonly [string, string])[] {
  return text === undefined ? [] : [[path, text]];
}

/** Reads the core in our names for its structs: then the functions are known by what they are given and return. */
function learnFrom(texts: ReadonlyMap<string, string>): LearnedApi {
  const outline = outlineCore(texts);
  const structs = structNamesOf(outline);
  if (structs.size === 0) return learn(readCore(outline), structs);
  const replace = replacer(exchanged(structs)).replace;
  return learn(readCore(outlineCore(new Map([...texts].map(([path, text]) => [path, replace(text)])))), structs);
}

function learn(core: Core, structs: ReadonlyMap<string, string>): LearnedApi {
  const players = findPlayers(core.functions);
  const names = new Map<string, string>();
  const unknown: UnknownApi[] = [];
  for (const one of core.functions) {
    const role = players.find((player) => player.function === one)?.role;
    const row = apiRow(one.name);
    const complaint = row
      ? disagreement(one, row, role)
      : structs.has(one.name)
        ? `${one.name}() has the name of a struct or member of the API: its calls are not followed`
        : strangeness(one, role, core, names);
    if (complaint !== null) unknown.push({ file: one.path, line: one.line, function: one.name, message: complaint });
  }
  return { names, structs, declared: core.declared, unknown: [...unknown, ...missing(core, players)] };
}

/** What is wrong with a row, going by the code of its function. */
function disagreement({ name, shape }: CoreFunction, row: ApiRow, role: ApiRole | undefined): string | null {
  const [complaint] = shapeComplaints(row, shape);
  if (complaint !== undefined) return `${name}() ${complaint}: its calls are not understood`;
  if (role === undefined || role === row.role) return null;
  return `${name}() ${deedInWords(role)} here: its calls are taken for what the function does elsewhere`;
}

/** Gives a function that has no row the name of one; returns what is not known of it. */
function strangeness(
  one: CoreFunction,
  role: ApiRole | undefined,
  core: Core,
  names: Map<string, string>,
): string | null {
  const { name, shape, isExported } = one;
  if (role === undefined) {
    if (!isExported || !concernsBuffers(one)) return null;
    return `the role of ${name}() is not known: what its callers take or release is not followed`;
  }
  // The dialect of a tree says what exporters ask with, be it by the callback or by a mark.
  if (role === 'ask-revocable') return null;
  const rows = apiRows.filter((row) => row.role === role && isOfGeneration(row, core));
  const fitting = rows.filter((row) => shapeComplaints(row, shape).length === 0);
  const row = fitting.find(({ lock }) => fitting.length === 1 || (lock === 'must-not-hold') === one.deeds.takesLock);
  if (row) names.set(name, row.name);
  else if (isExported)
    return `${name}() ${deedInWords(role)}, with parameters or a result that are not known: its calls are not followed`;
  return null;
}

/** A function is renamed with its callback: only the name of the callback's generation can be meant. */
function isOfGeneration({ role, name }: ApiRow, { members }: Core): boolean {
  if (role !== 'notify') return true;
  const callback = [...(members.get(importerOpsTag) ?? [])].map(importerCallback).find((one) => one !== undefined);
  return callback === undefined || callback.notify === name;
}

function concernsBuffers({ shape }: CoreFunction): boolean {
  return takesBuffer(shape) || hasType(shape.result, 'buffer') || hasType(shape.result, 'attachment');
}

/** The roles that every core has, but for the members of the exporter's ops that need others. */
const always: readonly ApiRole[] = ['export', 'fd', 'get', 'ref', 'put'];

/** The roles that nobody plays, though the structs of the header need somebody who does. */
function missing({ members, declared, opsLine }: Core, players: readonly Player[]): readonly UnknownApi[] {
  const hasImporterOps = (members.get(importerOpsTag)?.size ?? 0) > 0 && members.has(attachmentTag);
  const slots = members.get(exporterOpsTag);
  if (!slots) return [];
  const needed = [
    ...rolesOfSlots(slots).filter((role) => role !== 'dynamic-attach'),
    ...always,
    ...(hasImporterOps ? (['dynamic-attach', 'notify'] as const) : []),
  ];
  return needed
    .filter((role) => !isPlayedByName(role, declared) && !players.some((player) => player.role === role))
    .map((role) => ({
      file: dmaBufHeader,
      line: opsLine,
      function: null,
      message: `no function of ${dmaBufCore} ${deedInWords(role)}, as ${releasedFunctions(role).join('() or ')}() does elsewhere`,
    }));
}
