import { during } from '../base/profile.js';
import {
  type AttributeWords,
  type FunctionOutline,
  type FunctionUnit,
  type Include,
  isWordCharacter,
  lowerFunction,
  outlineFile,
  readIncludes,
  type SourceFile,
  treeAttributeWords,
} from '../c/index.js';
import { textIncludes } from '../input/search/word-search.js';
import type { SourceTree } from '../input/tree/tree.js';
import { firstNotBefore, folderOf, isPathLeftOut, resolveInTree } from './paths.js';
import type { UnitCache } from './units/unit-cache.js';

/** A function definition in the program. */
export interface FunctionRef {
  readonly path: string;
  readonly outline: FunctionOutline;
}

/**
 * The units of one tree, linked by name. Files that cannot matter are never opened; what a candidate needs from
 * elsewhere is fetched when asked for.
 */
export interface Program {
  readonly tree: SourceTree;
  readonly attributes: AttributeWords;
  /** Files that speak of the dma-buf API (`dma_buf_…`), sorted. */
  readonly candidates: readonly string[];
  /** The candidates whose text matches, comments and all: what need not be outlined is not. */
  candidatesWith(pattern: RegExp): readonly string[];
  /** Files that mention a dma-buf at all, candidates included. */
  readonly mentions: readonly string[];
  /** All C sources and headers that are not left out, sorted. */
  readonly sources: readonly string[];
  /** The file that exports a symbol, or undefined. */
  exporterOf(name: string): string | undefined;
  /** Files outlined so far. */
  parsedFiles(): number;
  /** How many functions have been lowered so far. */
  loweredFunctions(): number;
  /** One file, outlined; undefined where the tree has none. */
  file(path: string): SourceFile | undefined;
  /** The text of a file that need not be outlined, kept for the next question. */
  text(path: string): string | undefined;
  /** What a file includes; it is not outlined for that. */
  includesOf(path: string): readonly Include[];
  /** Whether there is such a file; a header of the tree is not read for that. */
  has(path: string): boolean;
  /** The text of a file that is looked at once and not kept. */
  peek(path: string): string | undefined;
  /** Whether a word stands in a file, be it in a comment. */
  includes(path: string, word: string): boolean;
  /** The names that a file may define, from its text alone. */
  namesIn(path: string): ReadonlySet<string>;
  /** One function with its body. */
  lower(ref: FunctionRef): FunctionUnit;
  /** The code of a function's body, not parsed. */
  bodyText(ref: FunctionRef): string;
  /** The .c files that a file includes, or is included by, itself first. */
  translationUnit(path: string): readonly string[];
  /** The files that are not a translation unit each by itself. */
  units(): ReadonlyMap<string, ReadonlySet<string>>;
  /** All sources in a folder (not below it). */
  folder(folder: string): readonly string[];
}

export interface ProgramOptions {
  /** Further words that mean nothing to the analysis, as attributes do. */
  readonly attributeWords: readonly string[];
  /** Paths, or folders, that are left out. */
  readonly leftOut: readonly string[];
}

/** What makes a file worth opening. Each further word would cost a pass over the whole tree. */
const mentionWords = ['dma_buf'];
const candidateWord = 'dma_buf_';

/** A place where a name stands in code. */
export interface Reference {
  readonly path: string;
  readonly at: number;
  /** The function around it, or undefined at file level. */
  readonly inside: FunctionRef | undefined;
  /** Whether a `(` follows: a call, or a declaration at file level. */
  readonly isCall: boolean;
}

/** What is known of the files of one tree; none of it depends on any other file. */
export interface FileTables {
  readonly files: Map<string, SourceFile | undefined>;
  readonly texts: Map<string, string | undefined>;
  readonly lowered: Map<string, FunctionUnit>;
  /** The names that a file may define. */
  readonly names: Map<string, ReadonlySet<string>>;
  /** The candidates whose text matches a pattern, by the pattern's text. */
  readonly patterns: Map<string, { readonly pattern: RegExp; readonly paths: readonly string[] }>;
  /** What files include that are not outlined. */
  readonly includes: Map<string, readonly Include[]>;
  /** Where a name stands in a file: by file, then by name. */
  readonly places: Map<string, Map<string, readonly Reference[]>>;
  /** The modules that folders belong to: these depend on the list of files alone. */
  readonly modules: Map<string, Module>;
}

/** The files of a module, and what decided which they are. */
export interface Module {
  readonly files: readonly string[];
  /** Which bounds its size passes. */
  readonly shape: string;
}

export function createFileTables(): FileTables {
  return {
    files: new Map(),
    texts: new Map(),
    lowered: new Map(),
    names: new Map(),
    patterns: new Map(),
    includes: new Map(),
    places: new Map(),
    modules: new Map(),
  };
}

/** What a search over the whole tree gives. */
export interface Survey {
  readonly isLeftOut: (path: string) => boolean;
  readonly sources: readonly string[];
  readonly mentions: readonly string[];
  readonly exporters: ReadonlyMap<string, string>;
  readonly attributes: AttributeWords;
}

/** Searches a tree for the files that can matter. */
export async function surveyTree(
  tree: SourceTree,
  options: ProgramOptions,
  attributes: AttributeWords = treeAttributeWords((path) => tree.read(path), options.attributeWords),
): Promise<Survey> {
  const isLeftOut = (path: string): boolean => isPathLeftOut(path, options.leftOut);
  const sources = options.leftOut.length > 0 ? tree.sources.filter((path) => !isLeftOut(path)) : tree.sources;
  const found = await tree.search(sources, mentionWords, true);
  return {
    isLeftOut,
    sources,
    mentions: [...new Set(found.hits.flat())].sort(),
    exporters: byName(found.exports),
    attributes,
  };
}

const named = new WeakMap<readonly (readonly [string, string])[], ReadonlyMap<string, string>>();

/** The file that exports each name: made once for a list, since most edits change none. */
function byName(exports: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const known = named.get(exports) ?? new Map(exports);
  named.set(exports, known);
  return known;
}

/**
 * The program of a tree, which notes nothing of what it is asked.
 * @param onUnparsed told of each function that is asked for and cannot be parsed as a whole
 * @param isCandidate whether a file is one, where that is known
 * @param cache what earlier runs made of files
 */
export function createProgram(
  tree: SourceTree,
  survey: Survey,
  tables: FileTables,
  onUnparsed: (unit: FunctionUnit) => void,
  isCandidate: (path: string) => boolean | undefined = () => undefined,
  cache?: UnitCache,
): Program {
  const { isLeftOut, sources, mentions, exporters, attributes } = survey;
  const { files, texts, lowered, names, patterns } = tables;
  const text = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, isLeftOut(path) ? undefined : tree.read(path));
    return texts.get(path);
  };
  const known = (path: string): string | undefined => files.get(path)?.text ?? text(path);
  const candidates = mentions.filter((path) => isCandidate(path) ?? known(path)?.includes(candidateWord));
  const peeked = createTextCache((path) => tree.read(path));
  const peek = (path: string): string | undefined =>
    files.get(path)?.text ?? texts.get(path) ?? (isLeftOut(path) ? undefined : peeked(path));

  const outlined = (path: string, source: string): SourceFile =>
    during('prepare', () => cache?.file(path, source)) ?? outlineFile(path, source, attributes);
  const file = (path: string): SourceFile | undefined => {
    if (!files.has(path)) {
      const source = text(path);
      files.set(path, source === undefined ? undefined : outlined(path, source));
      texts.delete(path);
    }
    return files.get(path);
  };
  const candidatesWith = (pattern: RegExp): readonly string[] => {
    let found = patterns.get(patternKey(pattern));
    if (!found) {
      found = { pattern, paths: candidates.filter((path) => pattern.test(known(path) ?? '')) };
      patterns.set(patternKey(pattern), found);
    }
    return found.paths;
  };
  let folders: ReadonlyMap<string, readonly string[]> | undefined;
  let unitMates: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const units = (): ReadonlyMap<string, ReadonlySet<string>> => {
    unitMates ??= findMates(candidatesWith(/^[ \t]*#[ \t]*include[^\n]*\.c"/m), file);
    return unitMates;
  };
  return {
    tree,
    attributes,
    candidates,
    candidatesWith,
    mentions,
    sources,
    exporterOf: (name) => exporters.get(name),
    parsedFiles: () => [...files.values()].filter((entry) => entry !== undefined).length,
    loweredFunctions: () => lowered.size,
    file,
    text: known,
    includesOf(path) {
      let found = files.get(path)?.unit.includes ?? tables.includes.get(path);
      if (!found) {
        found = readIncludes(text(path) ?? '');
        tables.includes.set(path, found);
      }
      return found;
    },
    has: (path) => sources[firstNotBefore(sources, path)] === path || known(path) !== undefined,
    peek,
    includes(path, word) {
      const text = peek(path);
      return text !== undefined && textIncludes(text, word);
    },
    namesIn(path) {
      let found = names.get(path);
      if (!found) {
        found = definedNames(peek(path) ?? '');
        names.set(path, found);
      }
      return found;
    },
    lower(ref) {
      const key = functionKey(ref);
      let unit = lowered.get(key);
      if (!unit) {
        const source = file(ref.path);
        if (!source) throw new Error(`no such file: ${ref.path}`);
        unit = cache?.lowered(source, ref.outline.start) ?? lowerFunction(source, ref.outline, attributes);
        lowered.set(key, unit);
      }
      if (unit.unparsed.length > 0) onUnparsed(unit);
      return unit;
    },
    bodyText: ({ path, outline }) => file(path)?.code.slice(outline.bodyStart, outline.end) ?? '',
    units,
    translationUnit(path) {
      const mates = units().get(path);
      return mates ? [path, ...[...mates].filter((other) => other !== path).sort()] : [path];
    },
    folder(folder) {
      folders ??= filesByFolder(sources);
      return folders.get(folder) ?? [];
    },
  };
}

export function patternKey({ source, flags }: RegExp): string {
  return `${flags}/${source}`;
}

function filesByFolder(sources: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of sources) {
    const folder = folderOf(path);
    const known = folders.get(folder);
    if (known) known.push(path);
    else folders.set(folder, [path]);
  }
  return folders;
}

/** For each file that includes .c files, or is included as one, all that are one unit with it. */
function findMates(
  including: readonly string[],
  file: (path: string) => SourceFile | undefined,
): ReadonlyMap<string, ReadonlySet<string>> {
  const mates = new Map<string, Set<string>>();
  for (const path of including)
    for (const include of file(path)?.unit.includes ?? []) {
      const other = include.path.endsWith('.c') ? resolveInTree(folderOf(path), include.path) : undefined;
      if (!other || !file(other)) continue;
      const group = new Set([path, other, ...(mates.get(path) ?? []), ...(mates.get(other) ?? [])]);
      for (const member of group) mates.set(member, group);
    }
  return mates;
}

/**
 * The names that a text may define, without outlining it. A definition's name stands at the start of a line, or after a
 * type that does; a prototype looks the same.
 */
function definedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  let paren = -1;
  for (let start = 0; start < text.length; ) {
    const end = offsetOf(text, '\n', start);
    if (isWordCharacter(text.charCodeAt(start))) {
      if (paren < start) paren = offsetOf(text, '(', start);
      const isHead = paren < end && paren - start < longestHead;
      const name = isHead ? typeAndName.exec(text.slice(start, paren + 1))?.[1] : undefined;
      if (name !== undefined) names.add(name);
    }
    start = end + 1;
  }
  return new Set(detached([...names]));
}

/** What stands before the first parenthesis of a line. */
const typeAndName = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)\($/;
/** Nobody writes more than that before the parameters, in one line. */
const longestHead = 1000;

function offsetOf(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

/** The same words in memory of their own: a part of a text keeps the whole of it. */
function detached(words: readonly string[]): readonly string[] {
  return Buffer.from(words.join('\n')).toString().split('\n');
}

/** Texts kept for files that are only looked at, in UTF-16 units. */
const largestTextCache = 32 * 1024 * 1024;

/** Reads through a cache that is emptied when it grows too large: the same module is looked through again and again. */
function createTextCache(read: (path: string) => string | undefined): (path: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  let size = 0;
  return (path) => {
    if (texts.has(path)) return texts.get(path);
    const text = read(path);
    size += text?.length ?? 0;
    if (size > largestTextCache) {
      texts.clear();
      size = text?.length ?? 0;
    }
    texts.set(path, text);
    return text;
  };
}

/** A function's identity: two of the same name in one file (under `#if`) differ. */
export function functionKey(ref: FunctionRef): string {
  return `${ref.path}:${ref.outline.start}`;
}

/** The function definitions of a file. */
export function functionsIn(program: Program, path: string): readonly FunctionRef[] {
  return program.file(path)?.unit.functions.map((outline) => ({ path, outline })) ?? [];
}

/** The function around an offset, or undefined at file level. */
export function functionAt(program: Program, path: string, at: number): FunctionRef | undefined {
  const functions = program.file(path)?.unit.functions ?? [];
  let low = 0;
  let high = functions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const outline = functions[middle];
    if (!outline) return undefined;
    if (at < outline.start) high = middle - 1;
    else if (at >= outline.end) low = middle + 1;
    else return { path, outline };
  }
  return undefined;
}
