// How does this tree spell the contract?

import { type SourceFile, type StructField, type StructOutline, visitExpressions } from '../../c/index.js';
import { InputError } from '../../input/tree/tree.js';
import {
  attachesWithOps,
  attachmentTag,
  type CallbackName,
  callbackNames,
  dmaBufCore,
  dmaBufHeader,
  exporterOpsTag,
  functionsWithRole,
  type ImporterCallback,
  importerCallback,
  importerCallbacks,
  importerOpsMember,
  importerOpsTag,
  peerToPeerMember,
  revocableCheckIn,
} from '../../kernel/index.js';
import { type Codebase, functionsIn } from '../../program/index.js';
import { coreRefuses } from '../tables/core-refusals.js';

/** A field of struct dma_buf_attach_ops by which an importer says whether it can be revoked. */
export interface MarkerField {
  readonly field: string;
  /** Whether a set field means "cannot be revoked" (true) or "can be revoked" (false). */
  readonly setMeansCannot: boolean;
}

/** The names and rules of the contract in one tree, read from its own header and core. */
export interface Dialect {
  readonly callback: CallbackName;
  /** Whether importers have ops with the callback at all: up to Linux 5.6 they have not, and the two names mean nothing. */
  readonly hasCallback: boolean;
  /** The function that calls the importers' callbacks. */
  readonly notify: string;
  /** The helper that tells an exporter whether an importer is revocable, or null. */
  readonly revocableCheck: string | null;
  readonly markers: readonly MarkerField[];
  /** Whether dma_buf_dynamic_attach() refuses ops without a callback. */
  readonly callbackRequired: boolean;
  /** Fields of struct dma_buf_attach_ops in order, for positional initialisers. */
  readonly importerFields: readonly string[];
  /** Fields of struct dma_buf_ops in order. */
  readonly exporterFields: readonly string[];
  /** The members of every struct that the header defines, by tag. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every function that the header declares or defines. */
  readonly declared: ReadonlySet<string>;
}

/**
 * Reads the dialect of a tree.
 * @param configuredMarkers from the configuration; empty to find the markers in the struct
 * @throws InputError where the tree has no dma-buf header, or one without struct dma_buf_attach_ops
 */
export function readDialect(codebase: Codebase, configuredMarkers: readonly MarkerField[]): Dialect {
  const header = codebase.program.file(dmaBufHeader);
  const name = codebase.program.tree.name;
  if (!header)
    throw new InputError(
      `${name}: has no ${dmaBufHeader}; name the top of a kernel tree (5.4 or later), or the kernel of a module: scan --kernel <tree> <module>`,
    );
  const ops = header.unit.structs.find((struct) => struct.tag === importerOpsTag);
  const known = ops?.fields.map(({ name }) => importerCallback(name)).find((callback) => callback !== undefined);
  const hasCallback = ops !== undefined || !isBeforeImporterOps(header.unit.structs);
  const generation = hasCallback ? known : importerCallbacks[0];
  if (!generation)
    throw new InputError(
      `${name}: ${dmaBufHeader} has no struct ${importerOpsTag} with a ${callbackNames.join(' or ')} callback`,
    );
  const declared = declaredIn(header);
  const markers = configuredMarkers.length > 0 ? configuredMarkers : guessMarkers(ops?.fields ?? []);
  return {
    callback: generation.name,
    hasCallback,
    notify: functionsWithRole('notify').find((candidate) => declared.has(candidate)) ?? generation.notify,
    revocableCheck: findRevocableCheck(codebase, generation.name, markers),
    markers,
    callbackRequired: hasCallback && isCallbackRequired(codebase, generation),
    importerFields: ops?.fields.map((field) => field.name) ?? [],
    exporterFields:
      header.unit.structs.find((struct) => struct.tag === exporterOpsTag)?.fields.map((field) => field.name) ?? [],
    members: new Map(
      header.unit.structs.map((struct) => [struct.tag, new Set(struct.fields.map((field) => field.name))]),
    ),
    declared,
  };
}

/** The functions that a header declares, with what is only another name for one: `#define dma_buf_pin dma_buf_hold`. */
function declaredIn({ code, unit }: SourceFile): ReadonlySet<string> {
  const declared = new Set([...code.matchAll(/\b(\w+)\s*\(/g)].map((match) => match[1] ?? ''));
  for (const { name, parameters, body } of unit.macros)
    if (parameters === null && declared.has(body.trim())) declared.add(name);
  return declared;
}

/** Whether a header is of the time when an attachment had no ops of its importer: it has the structs, and no such member. */
function isBeforeImporterOps(structs: readonly StructOutline[]): boolean {
  const attachment = structs.find(({ tag }) => tag === attachmentTag);
  return attachment?.fields.every(({ name }) => name !== importerOpsMember) ?? false;
}

/** Any other bool, bit-field or flags word of the struct counts as a marker; its name says what a set field means. */
function guessMarkers(fields: readonly StructField[]): readonly MarkerField[] {
  return fields
    .filter((field) => !field.isFunction && !field.pointer && field.name !== peerToPeerMember)
    .filter((field) =>
      /^(bool|_Bool|unsigned|unsigned int|unsigned long|u8|u16|u32|u64|int|enum \w+)$/.test(field.type),
    )
    .map((field) => ({
      field: field.name,
      setMeansCannot: !/^(?!.*(?:no|non|not|cannot|cant|un)_?(?:revo|inval)).*(?:revo|inval|can_)/.test(field.name),
    }));
}

/** The helper for exporters: a function of an attachment that returns whether the importer has the callback or the marker. */
function findRevocableCheck(codebase: Codebase, callback: string, markers: readonly MarkerField[]): string | null {
  const read = [callback, ...markers.map((marker) => marker.field)];
  for (const path of [dmaBufHeader, dmaBufCore]) {
    const file = codebase.program.file(path);
    for (const outline of file?.unit.functions ?? []) {
      const [only, second] = outline.parameters;
      if (
        !file ||
        !only ||
        second ||
        !only.type.includes(attachmentTag) ||
        !/\bbool\b|\bint\b/.test(outline.returnType)
      )
        continue;
      const text = file.code.slice(outline.bodyStart, outline.end);
      if (
        read.some((field) => new RegExp(`${importerOpsMember}\\s*->\\s*${field}\\b`).test(text)) &&
        /\breturn\b/.test(text)
      )
        return outline.name;
    }
  }
  const header = codebase.program.file(dmaBufHeader);
  // The header may declare a helper that the core defines in another file.
  return revocableCheckIn(header?.code ?? '');
}

/** Whether dma_buf_dynamic_attach() fails for ops without the callback. */
function isCallbackRequired(codebase: Codebase, { name: callback, isRequired }: ImporterCallback): boolean {
  const core = codebase.program.file(dmaBufCore);
  const attaching = functionsIn(codebase.program, dmaBufCore).filter(({ outline }) => attachesWithOps(outline.name));
  if (!core || attaching.length === 0) return isRequired;
  const refusesEmpty = coreRefuses(codebase, 'importer', () => false);
  if (refusesEmpty !== null) return refusesEmpty;
  let required = false;
  for (const attach of attaching)
    visitExpressions(codebase.program.lower(attach).body, (expression) => {
      if (expression.kind === 'unary' && expression.operator === '!' && expression.operand.kind === 'member')
        required ||= expression.operand.member === callback;
    });
  return required;
}
