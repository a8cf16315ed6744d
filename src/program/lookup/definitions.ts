import type { FunctionOutline, Macro, SourceFile } from '../../c/index.js';
import { plain } from '../memory/kept/form.js';
import type { Memory } from '../memory/memory.js';
import { folderOf } from '../paths.js';
import type { FunctionRef, Program } from '../program.js';
import { includedHeaders } from './includes.js';
import { type Module, moduleOf, sameSubsystem, smallModule } from './modules.js';

/**
 * Which files a definition is looked for in: `all` of the tree; `near`, those that mention dma-bufs or are of the same
 * subsystem; the same and those of a small `module`; or the `candidates`, which use the dma-buf API. The file itself is
 * always among them.
 */
type Scope = 'all' | 'near' | 'module' | 'candidates';

/** How the keys of questions for functions begin. */
const findIn: Readonly<Record<Scope, string>> = {
  all: 'find\0all',
  near: 'find\0near',
  module: 'find\0module',
  candidates: 'find\0candidates',
};

/** A struct of the tree. */
export interface StructRef {
  readonly path: string;
  /** The types of its members, by name. */
  readonly fields: ReadonlyMap<string, string>;
  /** The names of the members that are pointers. */
  readonly pointers: ReadonlySet<string>;
}

/** Finds what a name means in a file. */
export interface Definitions {
  /** The function that a name means in a file, or undefined where the tree shows none. */
  find(name: string, from: string): FunctionRef | undefined;
  /** The same among the files that mention dma-bufs or are of the same subsystem: to look further reads whole modules. */
  findNear(name: string, from: string): FunctionRef | undefined;
  /** The same, and in all files of a module that is small enough to be read whole. */
  findInModule(name: string, from: string): FunctionRef | undefined;
  /** The same in the file itself and the candidates: enough for what reaches the API within a few calls. */
  findCandidate(name: string, from: string): FunctionRef | undefined;
  /** The same, and in every header that the file includes. */
  findInHeaders(name: string, from: string): FunctionRef | undefined;
  /** The body of the function-like macro that a name means in a file, or undefined. */
  macro(name: string, from: string): string | undefined;
  /** The same macro with its parameters. */
  functionMacro(name: string, from: string): Macro | undefined;
  /** The macro that a name means in a file, with or without parameters, or undefined. */
  macroOf(name: string, from: string): Macro | undefined;
  /** Every definition of a macro that a file may see: several where the branches of an `#if` define it otherwise. */
  macroWays(name: string, from: string): readonly Macro[];
  /** The headers that a file includes, in the order of the text. */
  headers(path: string): readonly string[];
  /** The sources of the module of a file: its folder, all below it, and the folder above where that is no subsystem. */
  module(path: string): readonly string[];
  /** The same, for a question that notes the name which it looks for in the module. */
  moduleForName(path: string): readonly string[];
  /** Whether the module of a file is small enough to be read whole. */
  isSmallModule(path: string): boolean;
  /** A struct by its tag: of the file, its module, or the files that mention dma-bufs, in this order; null for none. */
  struct(tag: string, from: string): StructRef | null;
}

/** What the lookups share. */
interface Lookup {
  readonly program: Program;
  readonly memory: Memory;
  readonly modules: Map<string, Module>;
  readonly mentioned: ReadonlySet<string>;
  readonly candidates: ReadonlySet<string>;
  /** The files of each module and scope, with their names. */
  readonly named: Map<string, NamedFiles>;
  /** For each list of files: from a tag to the files that may define the struct. */
  readonly structs: Map<readonly string[], ReadonlyMap<string, readonly string[]>>;
}

/**
 * Finds definitions by name, in this order: in the file, in the file that exports the name, in the module, in the headers
 * that the file includes.
 * @param program one that notes nothing: what an answer depends on is noted here, by name and not by file
 * @param modules the modules known so far, by folder
 */
export function createDefinitions(program: Program, memory: Memory, modules: Map<string, Module>): Definitions {
  const lookup: Lookup = {
    program,
    memory,
    modules,
    mentioned: new Set(program.mentions),
    candidates: new Set(program.candidates),
    named: new Map(),
    structs: new Map(),
  };
  const placeOf = (scope: Scope, from: string): string => memory.keyOf(findIn[scope], from);
  const find = (name: string, from: string, scope: Scope): FunctionRef | undefined =>
    memory.recall(memory.keyOf(placeOf(scope, from), name), () => findFunction(lookup, name, from, scope), plain());
  const functionMacro = (name: string, from: string): Macro | undefined =>
    memory.recall(
      `macro\0${from}\0${name}`,
      () => findMacro(lookup, name, from, ({ parameters }) => parameters !== null),
      plain(),
    );
  return {
    module(path) {
      memory.note(`module:${folderOf(path)}`);
      return moduleFiles(lookup, path);
    },
    moduleForName: (path) => moduleFiles(lookup, path),
    isSmallModule: (path) => moduleFiles(lookup, path).length <= smallModule,
    find: (name, from) => find(name, from, 'all'),
    findNear: (name, from) => find(name, from, 'near'),
    findInModule: (name, from) => find(name, from, 'module'),
    findCandidate: (name, from) => find(name, from, 'candidates'),
    findInHeaders: (name, from) =>
      memory.recall(
        `find\0headers\0${from}\0${name}`,
        () => find(name, from, 'candidates') ?? findInHeaders(lookup, name, from),
        plain(),
      ),
    macro: (name, from) => functionMacro(name, from)?.body,
    functionMacro,
    macroOf: (name, from) =>
      memory.recall(`macro-of\0${from}\0${name}`, () => findMacro(lookup, name, from, () => true), plain()),
    macroWays: (name, from) =>
      memory.recall(
        `macro-ways\0${from}\0${name}`,
        () => {
          memory.note(`name:${name}`);
          return [...translationUnit(lookup, from), ...headersOf(lookup, from)].flatMap((path) =>
            macrosNamed(lookup, name, path),
          );
        },
        plain(),
      ),
    headers: (path) => headersOf(lookup, path),
    struct: (tag, from) => memory.recall(`struct\0${from}\0${tag}`, () => findStruct(lookup, tag, from), plain()),
  };
}

function findFunction(lookup: Lookup, name: string, from: string, scope: Scope): FunctionRef | undefined {
  const { program, memory } = lookup;
  memory.note(`name:${name}`);
  for (const path of translationUnit(lookup, from)) {
    const found = inFile(program, name, path);
    if (found) return found;
  }
  // An exported function comes before a header's: the header's is the stub for a kernel that is built without it.
  const exporter = program.exporterOf(name);
  const exported = exporter && isInScope(lookup, exporter, from, scope) ? inFile(program, name, exporter) : undefined;
  if (exported || (scope !== 'all' && exporter)) return exported;
  const close = inModule(lookup, name, from, scope === 'all' ? 'near' : scope);
  if (close) return close;
  const narrow = scope === 'all' ? undefined : filesOf(lookup, scope);
  for (const path of headersOf(lookup, from)) {
    if ((narrow && !narrow.has(path)) || !program.namesIn(path).get(name)) continue;
    const found = inFile(program, name, path);
    if (found) return found;
  }
  return scope === 'all' ? inModule(lookup, name, from, 'all') : undefined;
}

function findInHeaders(lookup: Lookup, name: string, from: string): FunctionRef | undefined {
  const { program, memory } = lookup;
  memory.note(`name:${name}`);
  for (const path of headersOf(lookup, from)) {
    const found = program.namesIn(path).get(name) ? inFile(program, name, path) : undefined;
    if (found) return found;
  }
  return undefined;
}

function findMacro(lookup: Lookup, name: string, from: string, isWanted: (macro: Macro) => boolean): Macro | undefined {
  const { program, memory } = lookup;
  memory.note(`name:${name}`);
  for (const path of [...translationUnit(lookup, from), ...headersOf(lookup, from)]) {
    const found = mayDefine(program, path, name)
      ? program.file(path)?.unit.macros.find((entry) => entry.name === name)
      : undefined;
    if (found && isWanted(found)) return found;
  }
  return undefined;
}

function macrosNamed({ program }: Lookup, name: string, path: string): readonly Macro[] {
  if (!mayDefine(program, path, name)) return [];
  return program.file(path)?.unit.macros.filter((macro) => macro.name === name) ?? [];
}

/** Whether a file may define a macro, by its text: most headers only use it. A comment may stand within the directive. */
function mayDefine(program: Program, path: string, name: string): boolean {
  if (!program.mayHoldWhole(path, name)) return false;
  const text = program.text(path) ?? '';
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) if (isAfterDefine(text, at)) return true;
  return false;
}

function isAfterDefine(text: string, at: number): boolean {
  let before = at;
  while (before > 0 && ' \t\r\n\\'.includes(text[before - 1] ?? '')) before--;
  if (before === at) return false;
  if (text.startsWith('define', before - 6)) return true;
  const comment = text.startsWith('*/', before - 2) ? text.lastIndexOf('/*', before - 3) : -1;
  return comment > 0 && isAfterDefine(text, comment);
}

/** Finds a struct. Files of one module ask for the same structs again and again, and all modules for those of the core. */
function findStruct(lookup: Lookup, tag: string, from: string): StructRef | null {
  const { program, memory } = lookup;
  return (
    structIn(lookup, tag, translationUnit(lookup, from)) ??
    memory.recall(
      `struct\0module\0${folderOf(from)}\0${tag}`,
      () => structAmong(lookup, tag, moduleFiles(lookup, from)),
      plain(),
    ) ??
    memory.recall(`struct\0all\0${tag}`, () => structAmong(lookup, tag, program.mentions), plain())
  );
}

/** The struct among the headers of many files, whose tags are indexed once. What a .c file defines, no other file sees. */
function structAmong(lookup: Lookup, tag: string, paths: readonly string[]): StructRef | null {
  const { program, structs } = lookup;
  let index = structs.get(paths);
  if (!index) {
    const headers = paths.filter((path) => path.endsWith('.h'));
    index = indexNames(headers, (path) => program.tagsIn(path).keys());
    structs.set(paths, index);
  }
  return structIn(lookup, tag, index.get(tag) ?? []);
}

function structIn({ program, memory }: Lookup, tag: string, paths: readonly string[]): StructRef | null {
  memory.note(`name:${tag}`);
  for (const path of paths) {
    if (!program.tagsIn(path).has(tag)) continue;
    const found = program.file(path)?.unit.structs.find((entry) => entry.tag === tag);
    if (!found) continue;
    const fields = new Map(found.fields.map((field) => [field.name, field.type]));
    const pointers = new Set(found.fields.filter(({ pointer }) => pointer).map(({ name: member }) => member));
    return { path, fields, pointers };
  }
  return null;
}

function moduleFiles({ program, memory, modules }: Lookup, path: string): readonly string[] {
  const folder = folderOf(path);
  memory.note(`shape:${folder}`);
  let known = modules.get(folder);
  if (!known) {
    known = moduleOf(program.tree, folder);
    modules.set(folder, known);
  }
  return known.files;
}

function headersOf({ program, memory }: Lookup, from: string): readonly string[] {
  return memory.recall(`headers\0${from}`, () => includedHeaders(program, memory, from), plain());
}

function translationUnit({ program, memory }: Lookup, from: string): readonly string[] {
  memory.note(`unit:${from}`);
  return program.translationUnit(from);
}

function isInScope(lookup: Lookup, path: string, from: string, scope: Scope): boolean {
  if (scope === 'all') return true;
  return filesOf(lookup, scope).has(path) || (scope !== 'candidates' && sameSubsystem(path, from));
}

function filesOf({ mentioned, candidates }: Lookup, scope: Exclude<Scope, 'all'>): ReadonlySet<string> {
  return scope === 'candidates' ? candidates : mentioned;
}

/** Some files, and the names in each, in the same order. */
interface NamedFiles {
  readonly files: readonly string[];
  /** What {@link Program.namesIn} says of each. */
  readonly names: readonly ReadonlyMap<string, boolean>[];
}

/** The function of a name that a file's module defines for other files, among the files of a scope. */
function inModule(lookup: Lookup, name: string, from: string, scope: Scope): FunctionRef | undefined {
  const { files, names } = namedFiles(lookup, from, scope);
  for (const [index, path] of files.entries()) {
    const local = names[index]?.get(name) ? inFile(lookup.program, name, path) : undefined;
    if (local && !local.outline.isStatic) return local;
  }
  return undefined;
}

/**
 * The files of a module that are in a scope. From their names no index is made: folders of one driver have almost the same
 * module each, and as many indexes of ten thousand names.
 */
function namedFiles(lookup: Lookup, from: string, scope: Scope): NamedFiles {
  const key = `${scope}:${folderOf(from)}`;
  let known = lookup.named.get(key);
  if (!known) {
    const all = moduleFiles(lookup, from);
    const isWhole = scope === 'all' || (scope === 'module' && all.length <= smallModule);
    const narrow = isWhole ? undefined : filesOf(lookup, scope);
    const files = narrow ? all.filter((path) => narrow.has(path)) : all;
    known = { files, names: files.map((path) => lookup.program.namesIn(path)) };
    lookup.named.set(key, known);
  }
  return known;
}

/** From each name to the files that may define it. */
function indexNames(
  files: readonly string[],
  namesIn: (path: string) => Iterable<string>,
): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const path of files)
    for (const name of namesIn(path)) {
      const known = index.get(name);
      if (known) known.push(path);
      else index.set(name, [path]);
    }
  return index;
}

function inFile(program: Program, name: string, path: string): FunctionRef | undefined {
  const file = program.file(path);
  const outline = file && functionsByName(file).get(name);
  return outline && { path, outline };
}

const byName = new WeakMap<SourceFile, ReadonlyMap<string, FunctionOutline>>();

/** A body that is there for callers alone, in kernels without what the function is for: it does nothing, or returns at once. */
const stub = /^\{\s*(?:return\s*(?:[-\w\s]*|ERR_PTR\s*\(\s*-\s*\w+\s*\))\s*;\s*)?\}$/;

/** The functions of a file by name; of several under `#if`, the first that is no stub. */
function functionsByName(file: SourceFile): ReadonlyMap<string, FunctionOutline> {
  let functions = byName.get(file);
  if (!functions) {
    const isStub = ({ bodyStart, end }: FunctionOutline): boolean => stub.test(file.code.slice(bodyStart, end).trim());
    const found = new Map<string, FunctionOutline>();
    for (const outline of file.unit.functions) {
      const known = found.get(outline.name);
      if (!known || (isStub(known) && !isStub(outline))) found.set(outline.name, outline);
    }
    functions = found;
    byName.set(file, functions);
  }
  return functions;
}
