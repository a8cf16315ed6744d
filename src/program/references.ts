import { createHash } from 'node:crypto';
import type { CallExpression, FunctionUnit } from '../c/index.js';
import { callsIn, isWordCharacter, skipSpace, type VariableOutline } from '../c/index.js';
import type { Definitions } from './definitions.js';
import type { Memory } from './memory/memory.js';
import { folderOf, isBelow } from './paths.js';
import { type FileTables, type FunctionRef, functionAt, functionKey, type Program, type Reference } from './program.js';

export interface CallSite {
  readonly caller: FunctionRef;
  readonly call: CallExpression;
}

/** A member of a file-level table that a function is put into: `.move = foo_move`. */
export interface SlotUse {
  readonly path: string;
  readonly variable: VariableOutline;
  readonly slot: string;
}

export interface References {
  /** Every place where a name stands in the given files. */
  of(name: string, files: readonly string[]): readonly Reference[];
  /** The files in which a function can be named. */
  scope(ref: FunctionRef): readonly string[];
  /** The calls of a function. Calls through slots are not among them. */
  callersOf(ref: FunctionRef): readonly CallSite[];
  /** The slots that a function is put into, in its module, or in the files given. */
  slotsOf(ref: FunctionRef, files?: readonly string[]): readonly SlotUse[];
  /** Reads further files into the scope of an exported function whose name says nothing of dma-bufs. */
  widen(name: string, files: readonly string[]): void;
  /** Whether other modules can call a function: it is exported, or stands in a header for all. */
  isVisibleEverywhere(ref: FunctionRef): boolean;
  /** Whether all files that can name a function have been looked for. */
  isScopeKnown(ref: FunctionRef): boolean;
}

/**
 * Answers who names what, from the text, so that files that name nothing are never outlined.
 * @param program one that notes nothing: what an answer depends on is noted here
 */
export function createReferences(
  program: Program,
  definitions: Definitions,
  memory: Memory,
  { places }: FileTables,
): References {
  const widened = new Map<string, readonly string[]>();
  const mentioned = new Set(program.mentions);
  /** The further files of a name; whoever asks depends on which they are. */
  const widenedFiles = (name: string): readonly string[] | undefined =>
    memory.setting(`widened:${name}`) === undefined ? undefined : widened.get(name);

  const isVisibleEverywhere = ({ outline, path }: FunctionRef): boolean => {
    memory.note(`name:${outline.name}`);
    return program.exporterOf(outline.name) !== undefined || path.startsWith('include/');
  };

  // Not kept: a file that is new in a scope matters to whoever asks for a name that stands in it, and to nobody else.
  const scope = (ref: FunctionRef): readonly string[] => {
    const { name, isStatic } = ref.outline;
    memory.note(`unit:${ref.path}`);
    if (isStatic && !ref.path.endsWith('.h')) return program.translationUnit(ref.path);
    const module = definitions.moduleForName(ref.path);
    // In a large module only the files that speak of dma-bufs are read here; the rest waits for widen().
    const near = definitions.isSmallModule(ref.path) ? module : module.filter((path) => mentioned.has(path));
    const far = isVisibleEverywhere(ref) ? program.mentions : [];
    return [...new Set([ref.path, ...near, ...far, ...(widenedFiles(name) ?? [])])];
  };

  const placesIn = (name: string, path: string): readonly Reference[] => {
    let names = places.get(path);
    if (!names) {
      names = new Map();
      places.set(path, names);
    }
    let known = names.get(name);
    if (!known) {
      known = program.includes(path, name) ? findName(program, name, path) : nowhere;
      names.set(name, known);
    }
    if (known.length > 0) memory.note(`file:${path}`);
    return known;
  };
  const of = (name: string, files: readonly string[]): readonly Reference[] => {
    memory.note(`word:${name}`);
    return files.flatMap((path) => placesIn(name, path));
  };

  const findCallers = (ref: FunctionRef): readonly CallSite[] =>
    of(ref.outline.name, scope(ref)).flatMap((reference) => {
      const { inside } = reference;
      if (!inside || !reference.isCall || reference.at < inside.outline.bodyStart) return [];
      const found = definitions.find(ref.outline.name, reference.path);
      if (found && functionKey(found) !== functionKey(ref)) return [];
      const call = callAt(program.lower(inside), reference.at);
      return call ? [{ caller: inside, call }] : [];
    });

  return {
    of,
    scope,
    // A function has callers before its scope is widened, and others after: both answers are kept.
    callersOf: (ref) =>
      memory.recall(`callers\0${memory.setting(`widened:${ref.outline.name}`)}\0${functionKey(ref)}`, () => {
        memory.note(`body:${functionKey(ref)}`);
        return findCallers(ref);
      }),
    slotsOf: (ref, files = scope(ref)) =>
      of(ref.outline.name, files).flatMap((reference) =>
        reference.inside || reference.isCall ? [] : slotAt(program, reference.path, reference.at),
      ),
    widen(name, files) {
      widened.set(name, files);
      memory.set(`widened:${name}`, digestOf(files));
    },
    isVisibleEverywhere,
    isScopeKnown: (ref) => {
      const { name, isStatic } = ref.outline;
      if (isStatic && !ref.path.endsWith('.h')) return true;
      // Who says the name says `dma_buf`, and is among the files that mention it.
      if (name.includes('dma_buf') || widenedFiles(name)) return true;
      return !isVisibleEverywhere(ref) && definitions.isSmallModule(ref.path);
    },
  };
}

const nowhere: readonly Reference[] = [];

function digestOf(files: readonly string[]): string {
  return createHash('sha256').update(files.join('\n')).digest('hex');
}

/** Every place in one file's code where a name stands as a word of its own. */
function findName(program: Program, name: string, path: string): readonly Reference[] {
  const code = program.file(path)?.code;
  if (code === undefined) return [];
  const found: Reference[] = [];
  for (let at = code.indexOf(name); at >= 0; at = code.indexOf(name, at + name.length)) {
    const end = at + name.length;
    if (isWordCharacter(code.charCodeAt(at - 1)) || isWordCharacter(code.charCodeAt(end))) continue;
    found.push({ path, at, inside: functionAt(program, path, at), isCall: opensCall(code, end) });
  }
  return found;
}

function opensCall(code: string, end: number): boolean {
  return code[skipSpace(code, end)] === '(';
}

/** The call whose callee stands at an offset. */
export function callAt(unit: FunctionUnit, at: number): CallExpression | undefined {
  return callsIn(unit.body).find(({ call }) => call.callee.at === at)?.call;
}

/** The slot of a file-level table that an offset lies in. */
export function slotAt(program: Program, path: string, at: number): readonly SlotUse[] {
  const file = program.file(path);
  const variable = file?.unit.variables.find(
    (outline) => outline.valueAt !== null && outline.valueAt <= at && at < outline.end,
  );
  if (!file || !variable) return [];
  const before = file.code.slice(variable.valueAt ?? 0, at);
  const slot = /\.\s*(\w+)\s*=\s*&?\s*(?:\([^()]*\)\s*)?$/.exec(before)?.[1];
  return slot ? [{ path, variable, slot }] : [];
}

/** Whether two files are of one driver: the same folder, or one below the other's. */
export function sameDriver(left: string, right: string): boolean {
  const one = folderOf(left);
  const other = folderOf(right);
  return one === other || isBelow(one, other) || isBelow(other, one);
}
