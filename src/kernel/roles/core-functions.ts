import {
  type AttributeWords,
  type FunctionOutline,
  lowerFunction,
  outlineFile,
  positionAt,
  type SourceFile,
  type StructOutline,
  treeAttributeWords,
  visitExpressions,
  visitStatements,
} from '../../c/index.js';
import {
  callbackNames,
  dmaBufHeader,
  exporterOps,
  exporterOpsTag,
  importerOpsMember,
  mapOp,
  matchOp,
  unmapOp,
} from '../api/structs.js';
import type { Shape } from '../api/types.js';
import { lockFunctions } from '../locks/lock-functions.js';
import { findStructNames } from './struct-names.js';
import { typeOpsIn } from './type-ops.js';

/** What the code of a function of the core does, by itself and in the helpers of the core that it calls. */
export interface Deeds {
  /** The members of the exporter's ops that it calls. */
  readonly slots: ReadonlySet<string>;
  /** What it does with an importer's ops: it calls the callback, or only reads a member. */
  readonly callback: 'calls' | 'tests' | null;
  /** The functions and macros that it calls. */
  readonly calls: ReadonlySet<string>;
  /** Whether it looks at the ops of an importer, or at a member of an exporter's. */
  readonly testsOps: boolean;
  /** Whether it takes the reservation lock. */
  readonly takesLock: boolean;
}

/** A function that the core defines for others: it is exported, or a header declares or defines it. */
export interface CoreFunction {
  readonly name: string;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly isExported: boolean;
  readonly shape: Shape;
  readonly deeds: Deeds;
}

/** The core: its header, and the files whose functions stand in it. */
export interface Core {
  readonly functions: readonly CoreFunction[];
  /** Every function that the headers declare or define, and every macro. */
  readonly declared: ReadonlySet<string>;
  /** The members of each struct of the header, by tag. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** The line of the header, 1-based, where the exporter's ops begin. */
  readonly opsLine: number;
}

/** The files of the core, outlined. */
export interface CoreOutline {
  readonly files: readonly SourceFile[];
  readonly attributes: AttributeWords;
  readonly exported: ReadonlySet<string>;
  /** Every function that the headers declare or define, and every macro. */
  readonly declared: ReadonlySet<string>;
  /** The structs of all headers. */
  readonly structs: readonly StructOutline[];
}

/**
 * Outlines the core of a tree. Each file is read by itself: of an `#if` group that the file does not decide, all branches count.
 * @param texts the text of each file of the core, by path
 */
export function outlineCore(texts: ReadonlyMap<string, string>): CoreOutline {
  const attributes = treeAttributeWords(() => undefined, []);
  const files = [...texts].map(([path, text]) => outlineFile(path, text, attributes));
  const headers = files.filter(({ unit }) => unit.path.endsWith('.h'));
  return {
    files,
    attributes,
    exported: new Set(
      files.flatMap(({ code }) => [...code.matchAll(/^EXPORT_SYMBOL\w*\(\s*(\w+)/gm)].map(([, name = '']) => name)),
    ),
    declared: new Set(
      headers.flatMap(({ code, unit }) => [
        ...[...code.matchAll(/\b(\w+)\s*\(/g)].map(([, name = '']) => name),
        ...unit.macros.map(({ name }) => name),
      ]),
    ),
    structs: headers.flatMap(({ unit }) => unit.structs),
  };
}

/** The words for structs and members that differ from ours in a core. */
export function structNamesOf({ files, declared, structs }: CoreOutline): ReadonlyMap<string, string> {
  const functions = files.flatMap(({ unit }) => unit.functions.map(shapeOf));
  return findStructNames({ structs, functions, declared, code: files.map(({ code }) => code).join('\n') });
}

/** Reads what the functions of an outlined core do. */
export function readCore({ files, attributes, exported, declared, structs }: CoreOutline): Core {
  const typeSlots = slotsOfTypes(structs);
  const own = new Map<string, Deeds>();
  for (const file of files)
    for (const outline of file.unit.functions)
      own.set(outline.name, deedsOf(lowerFunction(file, outline, attributes), typeSlots));
  const header = files.find(({ unit }) => unit.path === dmaBufHeader)?.unit;
  return {
    functions: files.flatMap(({ unit }) =>
      unit.functions
        .filter(({ name }) => exported.has(name) || declared.has(name))
        .map((outline) => ({
          name: outline.name,
          path: unit.path,
          line: lineOf(unit, outline.nameAt),
          isExported: exported.has(outline.name),
          shape: shapeOf(outline),
          deeds: withHelpers(outline.name, own, exported),
        })),
    ),
    declared,
    members: new Map((header?.structs ?? []).map(({ tag, fields }) => [tag, new Set(fields.map(({ name }) => name))])),
    opsLine: header ? lineOf(header, header.structs.find(({ tag }) => tag === exporterOpsTag)?.at ?? 0) : 1,
  };
}

/** The members of the ops of mapping types, each with the exporter's op that does the same for tables of pages. */
function slotsOfTypes(structs: readonly StructOutline[]): ReadonlyMap<string, string> {
  return new Map(
    typeOpsIn(structs).flatMap(({ map, unmap }) => [
      [map, mapOp],
      [unmap, unmapOp],
    ]),
  );
}

function lineOf(unit: Parameters<typeof positionAt>[0], at: number): number {
  return positionAt(unit, at).line;
}

function shapeOf({ parameters, returnType }: FunctionOutline): Shape {
  const result = returnType.replace(/\b(?:static|inline|extern|__\w+)\s+/g, '').trim();
  return { parameters: parameters.map(({ type }) => type.replace(/\s+/g, ' ').trim()), result };
}

function deedsOf({ body }: ReturnType<typeof lowerFunction>, typeSlots: ReadonlyMap<string, string>): Deeds {
  const slots = new Set<string>();
  const calls = new Set<string>();
  let callback: Deeds['callback'] = null;
  let testsOps = false;
  visitExpressions(body, (expression) => {
    if (expression.kind === 'member' && isImporterOps(expression.object)) callback ??= 'tests';
    testsOps ||= isImporterOps(expression) || (expression.kind === 'member' && isMemberOps(expression.object));
    if (expression.kind !== 'call') return;
    const { callee } = expression;
    if (callee.kind === 'name') calls.add(callee.name);
    if (callee.kind !== 'member') return;
    if (callbackNames.includes(callee.member)) callback = 'calls';
    else if (isExporterOps(callee.object)) slots.add(typeSlots.get(callee.member) ?? callee.member);
  });
  visitStatements(body, (statement) => {
    if (statement.kind === 'macro-block') calls.add(statement.macro);
  });
  const takesLock = [...calls].some((name) => lockFunctions.get(name)?.effect === 'take');
  return { slots, callback, calls, testsOps, takesLock };
}

type Callee = Parameters<Parameters<typeof visitExpressions>[1]>[0];

/** Whether an object is the ops of an exporter: `dmabuf->ops`, or a variable that holds them. */
function isExporterOps(object: Callee): boolean {
  return object.kind === 'name' || isMemberOps(object);
}

function isMemberOps(object: Callee): boolean {
  return object.kind === 'member' && object.member === 'ops';
}

/** Whether an object is the ops of an importer: `attach->importer_ops`. */
function isImporterOps(object: Callee): boolean {
  return object.kind === 'member' && object.member === importerOpsMember;
}

function isOp(slot: string): boolean {
  return slot === matchOp || exporterOps.some(({ name }) => name === slot);
}

/** What a function does with the helpers that only the core can call. */
function withHelpers(name: string, own: ReadonlyMap<string, Deeds>, exported: ReadonlySet<string>): Deeds {
  const slots = new Set<string>();
  const calls = new Set<string>();
  let callback: Deeds['callback'] = null;
  let takesLock = false;
  const open = [name];
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const deeds = own.get(at);
    if (!deeds) continue;
    for (const slot of deeds.slots) if (isOp(slot)) slots.add(slot);
    callback = deeds.callback === 'calls' ? 'calls' : (callback ?? deeds.callback);
    takesLock ||= deeds.takesLock;
    for (const call of deeds.calls) {
      calls.add(call);
      if (exported.has(call) || seen.has(call)) continue;
      seen.add(call);
      open.push(call);
    }
  }
  return { slots, callback, calls, testsOps: own.get(name)?.testsOps ?? false, takesLock };
}
