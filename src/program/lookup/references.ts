import { createHash } from 'node:crypto';
import type { CallExpression, FunctionUnit } from '../../c/index.js';
import { callsIn, isWordCharacter, skipSpace, type VariableOutline } from '../../c/index.js';
import { type FileTables, nowhere } from '../files/file-tables.js';
import { type Form, plain } from '../memory/kept/form.js';
import type { Memory } from '../memory/memory.js';
import { type FunctionRef, functionAt, functionKey, type Program, type Reference } from '../program.js';
import type { Definitions } from './definitions.js';

/** A call of a function by its name. */
export interface CallSite {
  readonly caller: FunctionRef;
  readonly call: CallExpression;
}

/** A member of a file-level ops table that a function stands in: `.move = foo_move`. */
export interface SlotUse {
  readonly path: string;
  readonly variable: VariableOutline;
  readonly slot: string;
}

/** Finds where functions are named and called. */
export interface References {
  /** Every place where a name stands in the files given. */
  of(name: string, files: readonly string[]): readonly Reference[];
  /** The files in which a function can be named. */
  scope(ref: FunctionRef): readonly string[];
  /** The calls of a function by its name. Calls through slots are not among them. */
  callersOf(ref: FunctionRef): readonly CallSite[];
  /** The slots in which a function stands, in its scope or in the files given. */
  slotsOf(ref: FunctionRef, files?: readonly string[]): readonly SlotUse[];
  /** Adds files to the scope of an exported function whose name does not contain `dma_buf`. */
  widen(name: string, files: readonly string[]): void;
  /** The files that were added so, by name. */
  widened(): ReadonlyMap<string, readonly string[]>;
  /** Whether other modules can call a function: it is exported, or stands in a header of include/. */
  isVisibleEverywhere(ref: FunctionRef): boolean;
  /** Whether the scope of a function has all files that can name it. */
  isScopeKnown(ref: FunctionRef): boolean;
}

/** What the answers share. */
interface Search {
  readonly program: Program;
  readonly definitions: Definitions;
  readonly memory: Memory;
  readonly places: FileTables['places'];
  readonly mentioned: ReadonlySet<string>;
  /** The files that were added to the scope of a name. */
  readonly widened: Map<string, readonly string[]>;
}

/**
 * Answers where names stand, from texts, so that a file without the name is never outlined.
 * @param program one that notes nothing: what an answer depends on is noted here
 */
export function createReferences(
  program: Program,
  definitions: Definitions,
  memory: Memory,
  { places }: FileTables,
): References {
  const search: Search = {
    program,
    definitions,
    memory,
    places,
    mentioned: new Set(program.mentions),
    widened: new Map(),
  };
  return {
    of: (name, files) => referencesIn(search, name, files),
    scope: (ref) => scopeOf(search, ref),
    // A function has some callers before its scope is widened, and others afterwards: both answers are kept.
    callersOf: (ref) =>
      memory.recall(
        `callers\0${memory.setting(`widened:${ref.outline.name}`)}\0${functionKey(ref)}`,
        () => {
          memory.note(`body:${functionKey(ref)}`);
          return findCallers(search, ref);
        },
        callersForm(search),
      ),
    slotsOf: (ref, files) =>
      files
        ? slotsIn(search, ref, files)
        : memory.recall(
            `slots\0${memory.setting(`widened:${ref.outline.name}`)}\0${functionKey(ref)}`,
            () => {
              memory.note(`body:${functionKey(ref)}`);
              return slotsIn(search, ref, scopeOf(search, ref));
            },
            plain(),
          ),
    widen(name, files) {
      search.widened.set(name, files);
      memory.set(`widened:${name}`, digestOf(files));
    },
    widened: () => search.widened,
    isVisibleEverywhere: (ref) => isVisibleEverywhere(search, ref),
    isScopeKnown: (ref) => isScopeKnown(search, ref),
  };
}

/** The files that were added to a name's scope; the answer being made depends on which they are. */
function widenedFiles({ memory, widened }: Search, name: string): readonly string[] | undefined {
  return memory.setting(`widened:${name}`) === undefined ? undefined : widened.get(name);
}

function isVisibleEverywhere({ program, memory }: Search, { outline, path }: FunctionRef): boolean {
  memory.note(`name:${outline.name}`);
  return program.exporterOf(outline.name) !== undefined || path.startsWith('include/');
}

/** Whether a function can be named in its own translation unit only. */
function isPrivate({ path, outline }: FunctionRef): boolean {
  return outline.isStatic && !path.endsWith('.h');
}

/** The scope is not remembered: a file that is new in it matters only to questions for a name that stands in the file. */
function scopeOf(search: Search, ref: FunctionRef): readonly string[] {
  const { program, definitions, memory, mentioned } = search;
  memory.note(`unit:${ref.path}`);
  if (isPrivate(ref)) return program.translationUnit(ref.path);
  const module = definitions.moduleForName(ref.path);
  // Of a large module only the files that mention dma-bufs are read here; widen() may add others.
  const near = definitions.isSmallModule(ref.path) ? module : module.filter((path) => mentioned.has(path));
  const far = isVisibleEverywhere(search, ref) ? program.mentions : [];
  return [...new Set([ref.path, ...near, ...far, ...(widenedFiles(search, ref.outline.name) ?? [])])];
}

function isScopeKnown(search: Search, ref: FunctionRef): boolean {
  if (isPrivate(ref)) return true;
  const { name } = ref.outline;
  // A file with this name contains `dma_buf`, and so is among those that mention it.
  if (name.includes('dma_buf') || widenedFiles(search, name)) return true;
  return !isVisibleEverywhere(search, ref) && search.definitions.isSmallModule(ref.path);
}

function referencesIn(search: Search, name: string, files: readonly string[]): readonly Reference[] {
  search.memory.note(`word:${name}`);
  return files.flatMap((path) => placesIn(search, name, path));
}

function placesIn({ program, memory, places }: Search, name: string, path: string): readonly Reference[] {
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
  // Where the name stands in a comment only, an edit may add it to the code and leave the words of the file the same.
  if (known !== nowhere) memory.note(`file:${path}`);
  // Whoever asked first had the file outlined: so does this question.
  if (known.length > 0) program.file(path);
  return known;
}

/** Every place in the code of one file where a name stands as a word of its own. */
function findName(program: Program, name: string, path: string): readonly Reference[] {
  const code = program.file(path)?.code;
  if (code === undefined) return [];
  const found: Reference[] = [];
  for (let at = code.indexOf(name); at >= 0; at = code.indexOf(name, at + name.length)) {
    const end = at + name.length;
    if (isWordCharacter(code.charCodeAt(at - 1)) || isWordCharacter(code.charCodeAt(end))) continue;
    const isCall = code[skipSpace(code, end)] === '(';
    found.push({ path, at, inside: functionAt(program, path, at), isCall });
  }
  return found;
}

function findCallers(search: Search, ref: FunctionRef): readonly CallSite[] {
  const { program, definitions } = search;
  return referencesIn(search, ref.outline.name, scopeOf(search, ref)).flatMap(({ inside, isCall, at, path }) => {
    if (!inside || !isCall || at < inside.outline.bodyStart) return [];
    const found = definitions.find(ref.outline.name, path);
    if (found && functionKey(found) !== functionKey(ref)) return [];
    const call = callAt(program.lower(inside), at);
    return call ? [{ caller: inside, call }] : [];
  });
}

function slotsIn(search: Search, { outline }: FunctionRef, files: readonly string[]): readonly SlotUse[] {
  return referencesIn(search, outline.name, files).flatMap((reference) =>
    reference.inside || reference.isCall ? [] : slotAt(search, reference.path, reference.at),
  );
}

/**
 * How callers are kept for later runs. A call is a node of a parsed function, so it is looked up there again, when somebody
 * asks for it: the body of the caller is the same.
 */
function callersForm({ program }: Search): Form<readonly CallSite[]> {
  return {
    pack: (sites) => sites.map(({ caller, call }): PackedSite => [caller, call.callee.at]),
    unpack: (packed) =>
      (packed as readonly PackedSite[]).map(([caller, at]) => {
        let known: CallExpression | undefined;
        return {
          caller,
          get call() {
            known ??= callAt(program.lower(caller), at);
            if (!known) throw new Error(`no call at ${at} of ${caller.path}`);
            return known;
          },
        };
      }),
  };
}

type PackedSite = readonly [caller: FunctionRef, at: number];

/** The call whose callee stands at an offset. */
function callAt(unit: FunctionUnit, at: number): CallExpression | undefined {
  return callsIn(unit.body).find(({ call }) => call.callee.at === at)?.call;
}

/** The slot of a file-level table that an offset lies in; empty where it lies in none. */
function slotAt({ program, definitions }: Search, path: string, at: number): readonly SlotUse[] {
  const file = program.file(path);
  const variable = file?.unit.variables.find(
    (outline) => outline.valueAt !== null && outline.valueAt <= at && at < outline.end,
  );
  if (!file || !variable) return [];
  const before = file.code.slice(variable.valueAt ?? 0, at);
  const plainly = /\.\s*(\w+)\s*=\s*&?\s*(?:\([^()]*\)\s*)?$/.exec(before)?.[1];
  const macro = plainly === undefined ? /[,{]\s*(\w+)\s*\(\s*&?\s*$/.exec(before)?.[1] : undefined;
  const slot = plainly ?? (macro && slotOfMacro(definitions, path, variable.type, macro));
  return slot ? [{ path, variable, slot }] : [];
}

/**
 * The slot that a macro fills with its argument: `#define EX_CALLBACK(f) .notify = (f)`. Of several ways to define it, the one
 * that names a member of the table's type in this tree counts.
 */
function slotOfMacro(definitions: Definitions, path: string, type: string, macro: string): string | undefined {
  const slots = definitions.macroWays(macro, path).flatMap(({ parameters, body }) => {
    const [, slot, argument = ''] = /^\.\s*(\w+)\s*=\s*\(?\s*(\w+)\s*\)?,?$/.exec(body) ?? [];
    return slot !== undefined && parameters?.includes(argument) ? [slot] : [];
  });
  const [first, ...others] = slots;
  if (others.length === 0) return first;
  const fields = definitions.struct(/^struct (\w+)$/.exec(type)?.[1] ?? '', path)?.fields;
  return slots.find((slot) => fields?.has(slot)) ?? first;
}

function digestOf(files: readonly string[]): string {
  return createHash('sha256').update(files.join('\n')).digest('hex');
}
