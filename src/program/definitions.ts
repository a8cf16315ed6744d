import type { FunctionOutline, SourceFile } from '../c/index.js';
import { textIncludes } from '../input/search/word-search.js';
import type { Memory } from './memory/memory.js';
import { folderOf, moduleAround, resolveInTree } from './paths.js';
import type { FunctionRef, Module, Program } from './program.js';

/** A module of up to so many files is read whole. */
export const smallModule = 150;

/** Where a definition is looked for. */
type Scope = 'all' | 'near' | 'candidates';

export interface Definitions {
  /** The function that a name means in a file, or undefined where the tree shows none. */
  find(name: string, from: string): FunctionRef | undefined;
  /** The same, only among what speaks of dma-bufs: what handles an attachment does, and looking further reads whole modules. */
  findNear(name: string, from: string): FunctionRef | undefined;
  /** The same, only in the file itself and among the candidates: what leads to the API in a few calls. */
  findCandidate(name: string, from: string): FunctionRef | undefined;
  /** The same, and in every header that the file includes. */
  findInHeaders(name: string, from: string): FunctionRef | undefined;
  /** The body of a function-like macro that a name means in a file, or undefined. */
  macro(name: string, from: string): string | undefined;
  /** The sources of the module that a file belongs to: its folder, what lies below, and the folder above where that is no subsystem. */
  module(path: string): readonly string[];
  /** The same, for whoever looks in it for a name that is noted by itself. */
  moduleForName(path: string): readonly string[];
  /** Whether that is few files. */
  isSmallModule(path: string): boolean;
  /** A struct by its tag: of the file or its module first, then of the headers that the tree shares. */
  struct(tag: string, from: string): StructRef | null;
}

/** A struct of the tree. */
export interface StructRef {
  readonly path: string;
  /** The types of its members, by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Finds definitions by name: in the file, what it includes, its module, and what the tree exports, in this order.
 * @param program one that notes nothing: what an answer depends on is noted here, by name and not by file
 */
export function createDefinitions(program: Program, memory: Memory, modules: Map<string, Module>): Definitions {
  const indexes = new Map<string, ReadonlyMap<string, readonly string[]>>();

  const inFile = (name: string, path: string): FunctionRef | undefined => {
    const file = program.file(path);
    const outline = file && functionsByName(file).get(name);
    return outline && { path, outline };
  };

  const module = (path: string): readonly string[] => {
    const folder = folderOf(path);
    memory.note(`shape:${folder}`);
    let known = modules.get(folder);
    if (!known) {
      known = moduleOf(program, folder);
      modules.set(folder, known);
    }
    return known.files;
  };

  const headersOf = (from: string): readonly string[] =>
    memory.recall(`headers\0${from}`, () => includedHeaders(program, memory, from));
  const unitOf = (from: string): readonly string[] => {
    memory.note(`unit:${from}`);
    return program.translationUnit(from);
  };

  const mentioned = new Set(program.mentions);
  const candidates = new Set(program.candidates);
  const isIn = (path: string, from: string, scope: Scope): boolean => {
    switch (scope) {
      case 'all':
        return true;
      case 'near':
        return mentioned.has(path) || isKin(path, from);
      case 'candidates':
        return candidates.has(path);
    }
  };
  const index = (path: string, scope: Scope): ReadonlyMap<string, readonly string[]> => {
    const files = module(path);
    const key = `${scope}:${folderOf(path)}`;
    let known = indexes.get(key);
    if (!known) {
      const narrow = scope === 'candidates' ? candidates : mentioned;
      known = definitionIndex(program, scope === 'all' ? files : files.filter((other) => narrow.has(other)));
      indexes.set(key, known);
    }
    return known;
  };

  const find = (name: string, from: string, scope: Scope): FunctionRef | undefined => {
    memory.note(`name:${name}`);
    for (const path of unitOf(from)) {
      const found = inFile(name, path);
      if (found) return found;
    }
    // What the tree defines comes before a header's: there the same name is the stub for a kernel built without it.
    const exported = program.exporterOf(name);
    const found = exported && isIn(exported, from, scope) ? inFile(name, exported) : undefined;
    if (found || (scope !== 'all' && exported)) return found;
    const inModule = (paths: readonly string[]): FunctionRef | undefined => {
      for (const path of paths) {
        const local = inFile(name, path);
        if (local && !local.outline.isStatic) return local;
      }
      return undefined;
    };
    const close = inModule(index(from, scope === 'all' ? 'near' : scope).get(name) ?? []);
    if (close) return close;
    for (const path of headersOf(from)) {
      const isFar = scope === 'candidates' ? !candidates.has(path) : scope === 'near' && !mentioned.has(path);
      if (isFar || !textIncludes(program.text(path) ?? '', name)) continue;
      const inHeader = inFile(name, path);
      if (inHeader) return inHeader;
    }
    return scope === 'all' ? inModule(index(from, 'all').get(name) ?? []) : undefined;
  };

  const inHeaders = (name: string, from: string): FunctionRef | undefined => {
    memory.note(`name:${name}`);
    for (const path of headersOf(from)) {
      const found = textIncludes(program.text(path) ?? '', name) ? inFile(name, path) : undefined;
      if (found) return found;
    }
    return undefined;
  };

  const ask = (name: string, from: string, scope: Scope): FunctionRef | undefined =>
    memory.recall(`find\0${scope}\0${from}\0${name}`, () => find(name, from, scope));

  const macro = (name: string, from: string): string | undefined => {
    memory.note(`name:${name}`);
    for (const path of [...unitOf(from), ...headersOf(from)]) {
      if (!textIncludes(program.text(path) ?? '', name)) continue;
      const found = program.file(path)?.unit.macros.find((entry) => entry.name === name);
      if (found && found.parameters !== null) return found.body;
    }
    return undefined;
  };

  const structAmong = (tag: string, paths: readonly string[]): StructRef | null => {
    memory.note(`name:${tag}`);
    const definition = new RegExp(`\\bstruct\\s+${tag}\\s*\\{`);
    for (const path of paths) {
      const text = program.peek(path) ?? '';
      if (!textIncludes(text, tag) || !definition.test(text)) continue;
      const found = program.file(path)?.unit.structs.find((entry) => entry.tag === tag);
      if (found) return { path, fields: new Map(found.fields.map((field) => [field.name, field.type])) };
    }
    return null;
  };
  // A module asks for the same structs again and again, and all modules for those of the core.
  const struct = (tag: string, from: string): StructRef | null =>
    structAmong(tag, unitOf(from)) ??
    memory.recall(`struct\0module\0${folderOf(from)}\0${tag}`, () => structAmong(tag, module(from))) ??
    memory.recall(`struct\0all\0${tag}`, () => structAmong(tag, program.mentions));

  return {
    module(path) {
      memory.note(`module:${folderOf(path)}`);
      return module(path);
    },
    moduleForName: module,
    isSmallModule: (path) => module(path).length <= smallModule,
    find: (name, from) => ask(name, from, 'all'),
    findNear: (name, from) => ask(name, from, 'near'),
    findCandidate: (name, from) => ask(name, from, 'candidates'),
    findInHeaders: (name, from) =>
      memory.recall(`find\0headers\0${from}\0${name}`, () => ask(name, from, 'candidates') ?? inHeaders(name, from)),
    macro: (name, from) => memory.recall(`macro\0${from}\0${name}`, () => macro(name, from)),
    struct: (tag, from) => memory.recall(`struct\0${from}\0${tag}`, () => struct(tag, from)),
  };
}

const byName = new WeakMap<SourceFile, ReadonlyMap<string, FunctionOutline>>();

/** The functions of a file by name; of several under `#if`, the first. */
function functionsByName(file: SourceFile): ReadonlyMap<string, FunctionOutline> {
  let functions = byName.get(file);
  if (!functions) {
    // A later entry replaces an earlier one.
    functions = new Map(file.unit.functions.toReversed().map((outline) => [outline.name, outline]));
    byName.set(file, functions);
  }
  return functions;
}

/** Whether two files are of one subsystem: `drivers/infiniband/core` and `drivers/infiniband/hw/mlx5`. */
function isKin(one: string, other: string): boolean {
  const top = (path: string): string =>
    path
      .split('/')
      .slice(0, path.startsWith('drivers/gpu/') ? 4 : 2)
      .join('/');
  return top(one) === top(other);
}

/** The module that a folder's files belong to. */
export function moduleOf(program: Program, folder: string): Module {
  const { files, how } = moduleAround(program.tree.sources, folder);
  return { files, shape: `${how} ${files.length <= smallModule}` };
}

/** From name to the files that may define it. */
function definitionIndex(program: Program, files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const path of files)
    for (const name of program.namesIn(path)) {
      const known = index.get(name);
      if (known) known.push(path);
      else index.set(name, [path]);
    }
  return index;
}

/** The headers that a file includes, and those that its quoted headers include. */
function includedHeaders(program: Program, memory: Memory, from: string): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string, depth: number): void => {
    memory.note(`includes:${path}`);
    for (const include of program.includesOf(path)) {
      const target = resolveInclude(program, memory, path, include.path, include.quoted);
      if (!target || found.has(target) || target.endsWith('.c')) continue;
      found.add(target);
      if (depth > 0 && include.quoted) visit(target, depth - 1);
    }
  };
  visit(from, 2);
  return [...found];
}

function resolveInclude(
  program: Program,
  memory: Memory,
  from: string,
  path: string,
  quoted: boolean,
): string | undefined {
  const places = quoted
    ? [
        resolveInTree(folderOf(from), path),
        resolveInTree('include', path),
        resolveInTree(folderOf(folderOf(from)), path),
      ]
    : [resolveInTree('include', path)];
  return places.find((place): place is string => {
    if (place === undefined) return false;
    memory.note(`exists:${place}`);
    return program.has(place);
  });
}
