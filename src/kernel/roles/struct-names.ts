import type { StructOutline } from '../../c/index.js';
import {
  attachmentTag,
  bufferTag,
  exporterOps,
  exporterOpsTag,
  exportInfoTag,
  importerCallback,
  importerCallbacks,
  importerOpsMember,
  importerOpsTag,
  mappingEntryTag,
  matchOp,
  peerToPeerMember,
} from '../api/structs.js';
import type { Shape } from '../api/types.js';
import { shapeOfMember } from './type-ops.js';

/** What the headers of the core declare, before anything is followed. */
interface Declarations {
  readonly structs: readonly StructOutline[];
  /** The functions that the core defines. */
  readonly functions: readonly Shape[];
  /** The functions that the headers declare. */
  readonly declared: ReadonlySet<string>;
  /** The text of the core, to see what it refuses. */
  readonly code: string;
}

/**
 * Finds the structs of the API and their members by what they are for, where a tree calls them otherwise than we do: the
 * exporter's ops by its members, the attachment as what they are given, the importer's ops as what an attachment points to.
 * @returns the tree's word for each that differs, with ours
 */
export function findStructNames(all: Declarations): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const add = (word: string | undefined, ours: string): void => {
    if (word !== undefined && word !== ours) words.set(word, ours);
  };
  const exporter = findExporterOps(all.structs);
  if (!exporter) return words;
  const attachment = firstStruct(exporter, ['pin', 'unpin', 'map_dma_buf', 'unmap_dma_buf']);
  const buffer = firstStruct(exporter, ['release']);
  add(exporter.tag, exporterOpsTag);
  add(attachment, attachmentTag);
  add(buffer, bufferTag);
  add(findExportInfo(all, exporter.tag, buffer), exportInfoTag);
  const importer = findImporterOps(all.structs, attachment);
  if (importer) {
    add(importer.struct.tag, importerOpsTag);
    add(importer.member, importerOpsMember);
    addImporterMembers(all, importer.struct, add);
  }
  const entry = findEntry(all, attachment, [buffer, exporter.tag, importer?.struct.tag]);
  add(entry, mappingEntryTag);
  add(entry === undefined ? undefined : findMatchOp(all.structs, exporter, entry), matchOp);
  return words;
}

type Field = StructOutline['fields'][number];

/** The struct with most of the members that an exporter's ops have. */
function findExporterOps(structs: readonly StructOutline[]): StructOutline | undefined {
  const known = structs.find(({ tag }) => tag === exporterOpsTag);
  if (known) return known;
  const ops = new Set(exporterOps.map(({ name }) => name));
  const share = ({ fields }: StructOutline): number =>
    fields.filter((one) => one.isFunction && ops.has(one.name)).length;
  const [best] = [...structs].sort((one, other) => share(other) - share(one));
  return best && share(best) >= 3 ? best : undefined;
}

/** The struct to which the first parameter of one of some members points. */
function firstStruct({ fields }: StructOutline, members: readonly string[]): string | undefined {
  const field = fields.find(({ name, isFunction }) => isFunction && members.includes(name));
  return field && structTag(shapeOfMember(field)?.parameters[0]);
}

function structTag(type: string | undefined): string | undefined {
  return type === undefined ? undefined : /\bstruct (\w+) \*/.exec(type)?.[1];
}

/** What a function is given that returns a buffer, and that leads to the exporter's ops. */
function findExportInfo({ structs, functions }: Declarations, ops: string, buffer?: string): string | undefined {
  const known = structs.find(({ tag }) => tag === exportInfoTag);
  if (known || buffer === undefined) return known?.tag;
  const given = functions
    .filter(({ result }) => structTag(result) === buffer)
    .flatMap(({ parameters }) => parameters.flatMap((one) => structTag(one) ?? []));
  return given.find((tag) =>
    structs
      .find((one) => one.tag === tag)
      ?.fields.some((field) => field.pointer && field.type.endsWith(`struct ${ops}`)),
  );
}

/** The ops of importers: the struct that an attachment points to, with a function that is given the attachment and nothing else. */
function findImporterOps(
  structs: readonly StructOutline[],
  attachment: string | undefined,
): { readonly struct: StructOutline; readonly member: string } | undefined {
  const owner = structs.find(({ tag }) => tag === attachment);
  for (const field of owner?.fields ?? []) {
    const struct = field.pointer ? structs.find(({ tag }) => field.type.endsWith(`struct ${tag}`)) : undefined;
    if (struct && struct.tag !== attachment && struct.fields.some((one) => isCallback(one, attachment)))
      return { struct, member: field.name };
  }
  return undefined;
}

function isCallback(field: Field, attachment: string | undefined): boolean {
  const shape = shapeOfMember(field);
  return shape?.result === 'void' && shape.parameters.length === 1 && structTag(shape.parameters[0]) === attachment;
}

/** The callback of the importer's ops, and the member for peer-to-peer. */
function addImporterMembers(
  { declared, code, structs }: Declarations,
  { fields }: StructOutline,
  add: (word: string | undefined, ours: string) => void,
): void {
  const bools = fields.filter(({ type, name }) => type === 'bool' && /peer|p2p/i.test(name));
  if (!fields.some(({ name }) => name === peerToPeerMember) && bools.length === 1)
    add(bools[0]?.name, peerToPeerMember);
  if (fields.some(({ name }) => importerCallback(name) !== undefined)) return;
  const tags = structs.map(({ tag }) => tag);
  const callbacks = fields.filter((field) => tags.some((tag) => isCallback(field, tag)));
  const [callback] = callbacks;
  if (!callback || callbacks.length > 1) return;
  // The generations differ in their notify function, and in whether the core refuses ops without the callback.
  const isRequired = new RegExp(`!\\s*\\w+\\s*->\\s*${callback.name}\\b`).test(code);
  const generation =
    importerCallbacks.find(({ notify }) => declared.has(notify)) ??
    importerCallbacks.find((one) => one.isRequired === isRequired);
  add(callback.name, generation?.name ?? callback.name);
}

/** The entry of a list of mapping types: what a function that attaches is given, and that is none of the other structs. */
function findEntry(
  { functions, structs }: Declarations,
  attachment: string | undefined,
  others: readonly (string | undefined)[],
): string | undefined {
  const known = structs.find(({ tag }) => tag === mappingEntryTag);
  if (known || attachment === undefined) return known?.tag;
  const given = functions
    .filter(({ result }) => structTag(result) === attachment)
    .flatMap(({ parameters }) => parameters.flatMap((one) => structTag(one) ?? []));
  return given.find(
    (tag) =>
      !others.includes(tag) &&
      tag !== attachment &&
      structs.some((one) => one.tag === tag && pointsToConst(one, structs)),
  );
}

/** Whether a struct points to another one of the core, as an entry does to its type. */
function pointsToConst({ fields }: StructOutline, structs: readonly StructOutline[]): boolean {
  return fields.some(({ pointer, type }) => pointer && structs.some(({ tag }) => type.endsWith(`struct ${tag}`)));
}

/** The op that is given entries, itself or in a struct of arguments. */
function findMatchOp(structs: readonly StructOutline[], exporter: StructOutline, entry: string): string | undefined {
  if (exporter.fields.some(({ name }) => name === matchOp)) return matchOp;
  const leadsToEntry = (type: string): boolean => {
    const tag = structTag(type);
    if (tag === entry) return true;
    const fields = structs.find((one) => one.tag === tag)?.fields ?? [];
    return fields.some((field) => field.pointer && field.type.endsWith(`struct ${entry}`));
  };
  const names = new Set(exporterOps.map(({ name }) => name));
  return exporter.fields.find((field) => !names.has(field.name) && shapeOfMember(field)?.parameters.some(leadsToEntry))
    ?.name;
}
