import { during } from '../../base/profile.js';
import {
  type FunctionUnit,
  type Include,
  lowerFunction,
  outlineFile,
  readIncludes,
  type SourceFile,
} from '../../c/index.js';
import { textIncludes } from '../../input/search/word-search.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { factsOf } from '../memory/facts-of.js';
import { firstNotBefore, folderOf, pathsBelow } from '../paths.js';
import { type FunctionRef, functionKey, type Program } from '../program.js';
import type { UnitCache } from '../units/unit-cache.js';
import { definedNames, definedTags } from './defined-names.js';
import { type FileTables, patternKey } from './file-tables.js';
import { createMacrosBefore, macroTableOf } from './macros-before.js';
import { macrosIn } from './macros-in.js';
import type { Survey } from './survey.js';
import { createTextCache } from './text-cache.js';
import { findTranslationUnits, includesSource } from './translation-units.js';
import { createWordFilters } from './word-filter.js';

/** A candidate is a file with this text. */
const candidateWord = 'dma_buf_';

/** What a program is made from. */
export interface ProgramParts {
  readonly tree: SourceTree;
  readonly survey: Survey;
  /** Where the program keeps what it has read. */
  readonly tables: FileTables;
  /** Called for each function that somebody asks for and that cannot be parsed as a whole. */
  readonly onUnparsed: (unit: FunctionUnit) => void;
  /** Whether a file is a candidate; undefined where that is not known. */
  readonly isCandidate?: (path: string) => boolean | undefined;
  /**
   * Whether every text that was read is kept, to tell later what has changed in the tree. Otherwise only those are kept that
   * mention dma-bufs: they are searched again and again.
   */
  readonly keepsTexts?: boolean;
  /** Called with each text that is read from the tree; undefined where it has no such file. */
  readonly onRead?: ((path: string, text: string | undefined) => void) | undefined;
  /** Called whenever somebody asks for an outlined file or a parsed function, as a fact: `outlined:`, `lowered:`. */
  readonly onUse?: ((fact: string) => void) | undefined;
  /** What earlier runs found of the macros known where a file begins, as the digest of their table. */
  readonly macrosKnown?: ((path: string) => string | undefined) | undefined;
  /** Whether an earlier run found that a word does not stand in a file that is the same. The file is not read then. */
  readonly lacks?: ((path: string, word: string) => boolean) | undefined;
  /** What earlier runs made of files. */
  readonly cache?: UnitCache | undefined;
}

/** Creates the program of a tree. It notes nothing of what it is asked; `trackProgram()` makes one that does. */
export function createProgram(parts: ProgramParts): Program {
  const { tree, survey, tables, isCandidate, lacks } = parts;
  const { sources, mentions, exporters, attributes } = survey;
  const { file, text, peek, mayHold, mayHoldWhole } = createReader(parts);
  // The text of a candidate is kept: it is searched again and again.
  const isOne = (path: string): boolean => (peek(path)?.includes(candidateWord) ?? false) && text(path) !== undefined;
  const candidates = mentions.filter((path) => isCandidate?.(path) ?? isOne(path));
  const candidatesWith = (pattern: RegExp): readonly string[] =>
    remembered(tables.patterns, patternKey(pattern), () => ({
      pattern,
      paths: candidates.filter((path) => pattern.test(text(path) ?? '')),
    })).paths;
  const folders = new Map<string, readonly string[]>();
  let groups: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const units = (): ReadonlyMap<string, ReadonlySet<string>> => {
    groups ??= findTranslationUnits(candidatesWith(includesSource), file);
    return groups;
  };
  return {
    tree,
    attributes,
    candidates,
    candidatesWith,
    mentions,
    sources,
    exporterOf: (name) => exporters.get(name),
    exporters,
    parsedFiles: () => [...tables.files.values()].filter((entry) => entry !== undefined).length,
    loweredFunctions: () => tables.lowered.size,
    file,
    text,
    includesOf: (path) =>
      tables.files.get(path)?.unit.includes ??
      remembered(tables.includes, path, (): readonly Include[] => readIncludes(text(path) ?? '')),
    has: (path) => sources[firstNotBefore(sources, path)] === path || text(path) !== undefined,
    peek,
    macrosIn: (path) => {
      // Each question has the file outlined, not only the first.
      if (tables.macros.has(path) && !path.endsWith('.h')) file(path);
      return remembered(tables.macros, path, () => macrosIn(path, peek(path) ?? '', () => file(path)));
    },
    mayHold,
    mayHoldWhole,
    includes(path, word) {
      if (lacks?.(path, word) || !mayHold(path, word)) return false;
      const content = peek(path);
      return content !== undefined && textIncludes(content, word);
    },
    namesIn: (path) => remembered(tables.names, path, () => definedNames(peek(path) ?? '')),
    tagsIn: (path) => remembered(tables.tags, path, () => definedTags(peek(path) ?? '')),
    lower: createLowering(parts, file),
    bodyText: ({ path, outline }) => file(path)?.code.slice(outline.bodyStart, outline.end) ?? '',
    units,
    translationUnit(path) {
      const group = units().get(path);
      return group ? [path, ...[...group].filter((other) => other !== path).sort()] : [path];
    },
    folder: (folder) => remembered(folders, folder, () => directlyIn(sources, folder)),
  };
}

type Reader = Pick<Program, 'file' | 'text' | 'peek' | 'mayHold' | 'mayHoldWhole'>;

/** Reads and outlines files. The text of an outlined file is kept with its outline only. */
function createReader({
  tree,
  survey,
  tables,
  cache,
  onRead,
  onUse,
  macrosKnown,
  keepsTexts = false,
}: ProgramParts): Reader {
  const { isLeftOut, attributes, sources, askedHeaders } = survey;
  const { files, texts } = tables;
  const mentioned = new Set(survey.mentions);
  const outlinedFact = factsOf('outlined');
  // What is not there is looked for again and again: an error for each costs more than a file.
  const missing = new Set<string>();
  const readFromTree = (path: string): string | undefined => {
    if (missing.has(path)) return undefined;
    const source = tree.read(path);
    if (source === undefined) missing.add(path);
    onRead?.(path, source);
    return source;
  };
  const peeked = createTextCache(readFromTree);
  const peek = (path: string): string | undefined =>
    files.get(path)?.text ?? texts.get(path) ?? (isLeftOut(path) ? undefined : peeked.text(path));
  const filtered = createWordFilters(peek, (path) => files.has(path) || texts.has(path));
  // Where every text is kept that was read, no question for a word may leave one unread.
  const mayHold = (path: string, word: string): boolean => keepsTexts || filtered(path, word);
  const mayHoldWhole = (path: string, word: string): boolean => keepsTexts || filtered(path, word, true);
  const macrosBefore = createMacrosBefore({ sources, askedHeaders, read: peek }, tables.headersRead);
  const outlined = (path: string, source: string): SourceFile => {
    const digest = macrosKnown?.(path);
    const known = digest === undefined ? undefined : macroTableOf(macrosBefore.kernel, digest);
    const before = known ?? during('prepare', () => macrosBefore.of(path, source));
    return during('prepare', () => cache?.file(path, source, before)) ?? outlineFile(path, source, attributes, before);
  };
  const readOnce = (path: string): string | undefined =>
    isLeftOut(path) ? undefined : (peeked.known(path) ?? readFromTree(path));
  const read = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, readOnce(path));
    return texts.get(path);
  };
  return {
    file(path) {
      if (!files.has(path)) {
        const source = texts.get(path) ?? readOnce(path);
        files.set(path, source === undefined ? undefined : outlined(path, source));
        texts.delete(path);
      }
      const known = files.get(path);
      if (known && onUse) onUse(outlinedFact(path));
      return known;
    },
    text: (path) => files.get(path)?.text ?? (keepsTexts || mentioned.has(path) ? read(path) : peek(path)),
    peek,
    mayHold,
    mayHoldWhole,
  };
}

/** Parses functions, each once. */
function createLowering(
  { survey, tables, onUnparsed, onUse, cache }: ProgramParts,
  file: Program['file'],
): (ref: FunctionRef) => FunctionUnit {
  return (ref) => {
    const key = functionKey(ref);
    onUse?.(`lowered:${key}`);
    const unit = remembered(tables.lowered, key, () => {
      const source = file(ref.path);
      if (!source) throw new Error(`no such file: ${ref.path}`);
      return cache?.lowered(source, ref.outline.start) ?? lowerFunction(source, ref.outline, survey.attributes);
    });
    if (unit.unparsed.length > 0) onUnparsed(unit);
    return unit;
  };
}

/** The value of a key in a table, made where the table has none. */
function remembered<T>(table: Map<string, T>, key: string, make: () => T): T {
  let known = table.get(key);
  if (known === undefined) {
    known = make();
    table.set(key, known);
  }
  return known;
}

/** The files in a folder, and not below it, among sorted ones. */
function directlyIn(sorted: readonly string[], folder: string): readonly string[] {
  return pathsBelow(sorted, folder).filter((path) => folderOf(path) === folder);
}
