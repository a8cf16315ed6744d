import {
  decideBranches,
  type KnownMacro,
  kernelMacros,
  type MacroTable,
  maskText,
  type VersionNumbers,
} from '../../c/index.js';
import { textIncludes } from '../../input/search/word-search.js';
import { firstNotBefore, folderOf, pathsBelow, resolveInTree } from '../paths.js';
import { headersHave } from './conftest.js';

/** What the search for macros reads of a tree. */
export interface MacroSources {
  /** All sources of the tree, sorted. */
  readonly sources: readonly string[];
  /** The headers that a module's build asks what this kernel has. */
  readonly askedHeaders: readonly string[];
  /** The text of a file; undefined where the tree has none. */
  read(path: string): string | undefined;
}

/** The headers that were read to learn which macros are known where a file begins, by file. */
export type HeadersRead = Map<string, ReadonlySet<string>>;

/** Tells which macros are known where a file begins. */
export interface MacrosBefore {
  /** What every file knows. */
  readonly kernel: MacroTable;
  of(path: string, text: string): MacroTable;
}

/** The version in the Makefile of a kernel; null where that does not say it. */
function versionNumbers(makefile: string | undefined): VersionNumbers | null {
  const number = (name: string): number =>
    Number(new RegExp(`^${name}\\s*=[ \\t]*(\\d+)`, 'm').exec(makefile ?? '')?.[1]);
  const [major, minor, patch] = [number('VERSION'), number('PATCHLEVEL'), number('SUBLEVEL')];
  return Number.isNaN(major) || Number.isNaN(minor) ? null : [major, minor, Number.isNaN(patch) ? 0 : patch];
}

/** A digest of what the Makefile of a kernel decides: which branches are left of those that ask for a version. */
export function kernelDigest(makefile: string | undefined): string {
  return kernelMacros(versionNumbers(makefile)).digest;
}

/** The macros known where a file begins, by their digest: each that the file asks for stands in it. */
export function macroTableOf(kernel: MacroTable, digest: string): MacroTable | undefined {
  if (digest === kernel.digest) return kernel;
  if (!digest.startsWith(`${kernel.digest} `)) return undefined;
  return withOwn(kernel, JSON.parse(digest.slice(kernel.digest.length + 1)));
}

function withOwn(kernel: MacroTable, own: readonly (readonly [string, KnownMacro])[]): MacroTable {
  return {
    macros: new Map([...kernel.macros, ...own]),
    digest: `${kernel.digest} ${JSON.stringify(own)}`,
    asksVersion: own.length > 0,
  };
}

/** Through how many headers of a module a macro is looked for. */
const deepestHeader = 6;

/**
 * Finds what is known of the macros that a file asks for: those of its kernel, and those that headers of its module
 * define. A header of the kernel itself is not read for that: its macros depend on the configuration.
 * @param headersRead where it is noted, for each file, which headers were read
 */
export function createMacrosBefore(tree: MacroSources, headersRead: HeadersRead): MacrosBefore {
  const kernel = kernelMacros(versionNumbers(tree.read('Makefile')));
  const includes = new Map<string, readonly string[]>();
  const included = (path: string, text: () => string): readonly string[] => {
    let known = includes.get(path);
    if (!known) {
      known = [...text().matchAll(quotedInclude)].flatMap(([, name = '']) => headerOf(tree, path, name) ?? []);
      includes.set(path, known);
    }
    return known;
  };
  const defined = new Map<string, boolean>();
  const defines: Defines = (header, name, text) => {
    const key = `${name} ${header}`;
    let known = defined.get(key);
    if (known === undefined) {
      known = definesIn(text() ?? '', name);
      defined.set(key, known);
    }
    return known;
  };
  const of = (path: string, text: string): MacroTable => {
    const asked = namesAskedIn(text);
    const headers = new Set<string>();
    headersRead.set(path, headers);
    if (asked.size === 0) return kernel;
    const read = (header: string): string | undefined => {
      headers.add(header);
      return tree.read(header);
    };
    const order: string[] = [];
    const visit = (from: string, content: () => string, depth: number): void => {
      for (const header of depth > 0 ? included(from, content) : [])
        if (header !== path && !order.includes(header)) {
          headers.add(header);
          visit(header, () => tree.read(header) ?? '', depth - 1);
          if (!order.includes(header)) order.push(header);
        }
    };
    visit(path, () => text, deepestHeader);
    return macrosOf({ ...tree, read }, kernel, order, asked, defines);
  };
  return { kernel, of };
}

const quotedInclude = /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm;

/** The header of a module that an include means: beside the file, above it, or anywhere in its folder. */
function headerOf({ sources, read }: MacroSources, from: string, name: string): string | undefined {
  const folder = folderOf(from);
  for (const place of [folder, folderOf(folder)]) {
    const path = resolveInTree(place, name);
    if (path?.endsWith('.h') && (sources[firstNotBefore(sources, path)] === path || read(path) !== undefined))
      return path;
  }
  return pathsBelow(sources, folderOf(folder).split('/').length < 3 ? folder : folderOf(folder)).find((path) =>
    path.endsWith(`/${name}`),
  );
}

const conditionLine = /^[ \t]*#[ \t]*(?:el)?if(?:n?def)?\b((?:[^\\\n]|\\\r?\n|\\.)*)/gm;
const asksVersion = /\b[A-Z][A-Z0-9_]*(?:KERNEL|LINUX|VERSION|KVER)[A-Z0-9_]*\b/g;
const namedMember = /^\s*\.\s*([A-Z][A-Z0-9_]*)\s*=/gm;
/** Names that no header of a module defines. */
const notAsked =
  /^(?:CONFIG_\w+|IS_(?:ENABLED|BUILTIN|MODULE|REACHABLE)|defined|GFP_KERNEL\w*|LINUX_VERSION_CODE|KERNEL_VERSION|KERN_\w+|__KERNEL__|__\w+|\w+_H_*)$/;

/** The macros that a text asks for in its conditions, and those that name members. */
function namesAskedIn(text: string): Set<string> {
  const names = new Set<string>();
  const add = (name: string): void => {
    if (!notAsked.test(name)) names.add(name);
  };
  for (const [, condition = ''] of text.matchAll(conditionLine))
    for (const [name] of condition.replace(/\/\*.*?\*\/|\/\/.*/g, ' ').matchAll(/\b[A-Za-z_]\w*/g)) add(name);
  for (const [name] of text.matchAll(asksVersion)) add(name);
  for (const [, name = ''] of text.matchAll(namedMember)) add(name);
  return names;
}

/** The macros that headers define, as far as the names that are asked for depend on them. */
function macrosOf(
  { askedHeaders, read }: Omit<MacroSources, 'sources'>,
  kernel: MacroTable,
  headers: readonly string[],
  asked: Set<string>,
  defines: Defines,
): MacroTable {
  const relevant = new Set<string>();
  for (let before = -1; before < relevant.size; ) {
    before = relevant.size;
    for (const header of headers) {
      if (relevant.has(header) || ![...asked].some((name) => defines(header, name, () => read(header)))) continue;
      const text = read(header) ?? '';
      relevant.add(header);
      for (const name of namesAskedIn(text)) asked.add(name);
      for (const { name, body } of maskText(text).macros)
        if (asked.has(name))
          for (const [word] of body.matchAll(/\b[A-Za-z_]\w*/g)) if (!notAsked.test(word)) asked.add(word);
    }
  }
  let macros = withConftest({ askedHeaders, read }, kernel, asked);
  if (relevant.size === 0 && macros === kernel.macros) return kernel;
  for (const header of headers)
    if (relevant.has(header)) macros = decideBranches(maskText(read(header) ?? ''), macros).macros;
  return withOwn(
    kernel,
    [...macros].filter(([name]) => asked.has(name)),
  );
}

/** The macros of a kernel, with the names of the module's build by which it has learned what this kernel has. */
function withConftest(
  { askedHeaders, read }: Omit<MacroSources, 'sources'>,
  { macros }: MacroTable,
  asked: ReadonlySet<string>,
): MacroTable['macros'] {
  const have = [...asked].filter((name) => !macros.has(name) && headersHave(name, askedHeaders, read));
  if (have.length === 0) return macros;
  const macro = { parameters: null, body: '1' };
  return new Map([...macros, ...have.map((name) => [name, { kind: 'defined', macro }] as const)]);
}

/** Whether a header defines a macro. Its text is read for the first question only. */
type Defines = (header: string, name: string, text: () => string | undefined) => boolean;

function definesIn(text: string, name: string): boolean {
  return textIncludes(text, name) && new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\b`, 'm').test(text);
}
