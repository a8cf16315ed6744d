import {
  type AttributeWords,
  type FunctionOutline,
  type FunctionUnit,
  lowerFunction,
  outlineFile,
  type SourceFile,
  treeAttributeWords,
} from '../c/index.js';
import type { SourceTree } from '../input/tree.js';
import { folderOf, resolveInTree } from './paths.js';

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
  /** The file that exports a symbol. */
  readonly exporters: ReadonlyMap<string, string>;
  /** Files outlined so far. */
  parsedFiles(): number;
  /** Functions lowered so far. */
  loweredFunctions(): readonly FunctionUnit[];
  /** One file, outlined; undefined where the tree has none. */
  file(path: string): SourceFile | undefined;
  /** The text of a file that need not be outlined, kept for the next question. */
  text(path: string): string | undefined;
  /** The text of a file that is looked at once and not kept. */
  peek(path: string): string | undefined;
  /** One function with its body. */
  lower(ref: FunctionRef): FunctionUnit;
  /** The .c files that a file includes, or is included by, itself first. */
  translationUnit(path: string): readonly string[];
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

/** Finds the candidate files of a tree and prepares to answer questions about them. */
export async function openProgram(tree: SourceTree, options: ProgramOptions): Promise<Program> {
  const isLeftOut = (path: string): boolean =>
    options.leftOut.some((left) => path === left || path.startsWith(`${left.replace(/\/$/, '')}/`));
  const sources = options.leftOut.length > 0 ? tree.sources.filter((path) => !isLeftOut(path)) : tree.sources;
  const found = await tree.search(sources, mentionWords, true);
  const mentions = [...new Set(found.hits.flat())].sort();
  const attributes = treeAttributeWords((path) => tree.read(path), options.attributeWords);
  const files = new Map<string, SourceFile | undefined>();
  const texts = new Map<string, string | undefined>();
  const lowered = new Map<string, FunctionUnit>();
  const folders = new Map<string, string[]>();
  for (const path of sources) {
    const folder = folderOf(path);
    const known = folders.get(folder);
    if (known) known.push(path);
    else folders.set(folder, [path]);
  }
  const text = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, isLeftOut(path) ? undefined : tree.read(path));
    return texts.get(path);
  };
  const candidates = mentions.filter((path) => text(path)?.includes(candidateWord));

  const peeked = createTextCache((path) => tree.read(path));

  const file = (path: string): SourceFile | undefined => {
    if (!files.has(path)) {
      const source = text(path);
      files.set(path, source === undefined ? undefined : outlineFile(path, source, attributes));
      texts.delete(path);
    }
    return files.get(path);
  };
  const candidatesWith = (pattern: RegExp): readonly string[] =>
    candidates.filter((path) => pattern.test(files.get(path)?.text ?? text(path) ?? ''));
  const includedSources = (path: string): readonly string[] =>
    (file(path)?.unit.includes ?? []).flatMap((include) => {
      const target = include.path.endsWith('.c') ? resolveInTree(folderOf(path), include.path) : undefined;
      return target ? [target] : [];
    });
  let unitMates: Map<string, Set<string>> | undefined;
  const findMates = (): Map<string, Set<string>> => {
    const mates = new Map<string, Set<string>>();
    for (const path of candidatesWith(/^[ \t]*#[ \t]*include[^\n]*\.c"/m))
      for (const other of includedSources(path)) {
        if (!file(other)) continue;
        const group = new Set([path, other, ...(mates.get(path) ?? []), ...(mates.get(other) ?? [])]);
        for (const member of group) mates.set(member, group);
      }
    return mates;
  };
  return {
    tree,
    attributes,
    candidates,
    candidatesWith,
    mentions,
    exporters: new Map(found.exports),
    parsedFiles: () => [...files.values()].filter((entry) => entry !== undefined).length,
    loweredFunctions: () => [...lowered.values()],
    file,
    text: (path) => files.get(path)?.text ?? text(path),
    peek: (path) => files.get(path)?.text ?? texts.get(path) ?? (isLeftOut(path) ? undefined : peeked(path)),
    lower(ref) {
      const key = functionKey(ref);
      const known = lowered.get(key);
      if (known) return known;
      const source = file(ref.path);
      if (!source) throw new Error(`no such file: ${ref.path}`);
      const unit = lowerFunction(source, ref.outline, attributes);
      lowered.set(key, unit);
      return unit;
    },
    translationUnit(path) {
      unitMates ??= findMates();
      const mates = unitMates.get(path);
      return mates ? [path, ...[...mates].filter((other) => other !== path).sort()] : [path];
    },
    folder: (folder) => folders.get(folder) ?? [],
  };
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
