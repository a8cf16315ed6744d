import type { FunctionUnit, Include, SourceFile } from '../../c/index.js';
import type { Module } from '../lookup/modules.js';
import type { Reference } from '../program.js';
import type { HeadersRead } from './macros-before.js';
import type { MacroDefinition } from './macros-in.js';

/** What is kept of the files of one tree. No entry depends on another file, so that entries can pass to a later tree. */
export interface FileTables {
  /** Outlined files; undefined for a file that the tree does not have. */
  readonly files: Map<string, SourceFile | undefined>;
  /** Texts of files that are not outlined. */
  readonly texts: Map<string, string | undefined>;
  /** Parsed functions, by {@link functionKey}. */
  readonly lowered: Map<string, FunctionUnit>;
  /** The names that a file may define or declare, and whether it may define them. */
  readonly names: Map<string, ReadonlyMap<string, boolean>>;
  /** The tags of the structs that a file may define. */
  readonly tags: Map<string, ReadonlySet<string>>;
  /** The candidates whose text matches a pattern, by {@link patternKey}. */
  readonly patterns: Map<string, { readonly pattern: RegExp; readonly paths: readonly string[] }>;
  /** What files include that are not outlined. */
  readonly includes: Map<string, readonly Include[]>;
  /** The macros with bodies. */
  readonly macros: Map<string, readonly MacroDefinition[]>;
  /** The headers that decide which macros a file knows where it begins. */
  readonly headersRead: HeadersRead;
  /** Where a name stands in the code of a file: by file, then by name. {@link nowhere} where the text does not have it. */
  readonly places: Map<string, Map<string, readonly Reference[]>>;
  /** The words that were looked for in a file by themselves, and do not stand there. */
  readonly lacks: Map<string, Set<string>>;
  /** The module of each folder. It depends on the list of files, and on no text. */
  readonly modules: Map<string, Module>;
}

/** The places of a name that a text does not have, not even in a comment. */
export const nowhere: readonly Reference[] = [];

/** Empty tables. */
export function createFileTables(): FileTables {
  return {
    files: new Map(),
    texts: new Map(),
    lowered: new Map(),
    names: new Map(),
    tags: new Map(),
    patterns: new Map(),
    includes: new Map(),
    macros: new Map(),
    headersRead: new Map(),
    places: new Map(),
    lacks: new Map(),
    modules: new Map(),
  };
}

/** A text that is equal for equal patterns. */
export function patternKey({ source, flags }: RegExp): string {
  return `${flags}/${source}`;
}
