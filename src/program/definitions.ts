import { folderOf, moduleAround, resolveInTree } from './paths.js';
import type { FunctionRef, Program } from './program.js';

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
}

/** Finds definitions by name: in the file, what it includes, its module, and what the tree exports, in this order. */
export function createDefinitions(program: Program): Definitions {
  const indexes = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const modules = new Map<string, readonly string[]>();
  const answers = new Map<string, FunctionRef | undefined>();

  const inFile = (name: string, path: string): FunctionRef | undefined => {
    const functions = program.file(path)?.unit.functions.filter((outline) => outline.name === name) ?? [];
    const outline = functions[0];
    return outline && { path, outline };
  };

  const module = (path: string): readonly string[] => {
    const folder = folderOf(path);
    let files = modules.get(folder);
    if (!files) {
      files = moduleAround(program.tree.sources, folder);
      modules.set(folder, files);
    }
    return files;
  };

  const headers = new Map<string, readonly string[]>();
  const headersOf = (from: string): readonly string[] => {
    let known = headers.get(from);
    if (!known) {
      known = includedHeaders(program, from);
      headers.set(from, known);
    }
    return known;
  };

  const namesIn = createNameReader(program);
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
    const key = `${scope}:${folderOf(path)}`;
    let known = indexes.get(key);
    if (!known) {
      const narrow = scope === 'candidates' ? candidates : mentioned;
      const files = scope === 'all' ? module(path) : module(path).filter((other) => narrow.has(other));
      known = definitionIndex(namesIn, files);
      indexes.set(key, known);
    }
    return known;
  };

  const find = (name: string, from: string, scope: Scope): FunctionRef | undefined => {
    for (const path of program.translationUnit(from)) {
      const found = inFile(name, path);
      if (found) return found;
    }
    // What the tree defines comes before a header's: there the same name is the stub for a kernel built without it.
    const exported = program.exporters.get(name);
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
      if (isFar || !program.text(path)?.includes(name)) continue;
      const inHeader = inFile(name, path);
      if (inHeader) return inHeader;
    }
    return scope === 'all' ? inModule(index(from, 'all').get(name) ?? []) : undefined;
  };

  const inHeaders = (name: string, from: string): FunctionRef | undefined => {
    for (const path of headersOf(from)) {
      const found = program.text(path)?.includes(name) ? inFile(name, path) : undefined;
      if (found) return found;
    }
    return undefined;
  };

  const ask = (name: string, from: string, scope: Scope): FunctionRef | undefined => {
    const key = `${scope}\0${from}\0${name}`;
    if (!answers.has(key)) answers.set(key, find(name, from, scope));
    return answers.get(key);
  };

  return {
    module,
    find: (name, from) => ask(name, from, 'all'),
    findNear: (name, from) => ask(name, from, 'near'),
    findCandidate: (name, from) => ask(name, from, 'candidates'),
    findInHeaders(name, from) {
      const key = `headers\0${from}\0${name}`;
      if (!answers.has(key)) answers.set(key, ask(name, from, 'candidates') ?? inHeaders(name, from));
      return answers.get(key);
    },
    macro(name, from) {
      for (const path of [...program.translationUnit(from), ...headersOf(from)]) {
        if (!program.text(path)?.includes(name)) continue;
        const macro = program.file(path)?.unit.macros.find((entry) => entry.name === name);
        if (macro && macro.parameters !== null) return macro.body;
      }
      return undefined;
    },
  };
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

// A definition's name stands at the start of a line, or after a type that does; a prototype looks the same.
const definitionLine = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)\(/gm;

/** Answers which names a file may define, from the text alone, and remembers. */
function createNameReader(program: Program): (path: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (path) => {
    let names = known.get(path);
    if (!names) {
      names = [...new Set([...(program.peek(path) ?? '').matchAll(definitionLine)].map((match) => match[1] ?? ''))];
      known.set(path, names);
    }
    return names;
  };
}

/** From name to the files that may define it. */
function definitionIndex(
  namesIn: (path: string) => readonly string[],
  files: readonly string[],
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

/** The headers that a file includes, and those that its quoted headers include. */
function includedHeaders(program: Program, from: string): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string, depth: number): void => {
    for (const include of program.file(path)?.unit.includes ?? []) {
      const target = resolveInclude(program, path, include.path, include.quoted);
      if (!target || found.has(target) || target.endsWith('.c')) continue;
      found.add(target);
      if (depth > 0 && include.quoted) visit(target, depth - 1);
    }
  };
  visit(from, 2);
  return [...found];
}

function resolveInclude(program: Program, from: string, path: string, quoted: boolean): string | undefined {
  const places = quoted
    ? [
        resolveInTree(folderOf(from), path),
        resolveInTree('include', path),
        resolveInTree(folderOf(folderOf(from)), path),
      ]
    : [resolveInTree('include', path)];
  return places.find((place): place is string => place !== undefined && program.text(place) !== undefined);
}
