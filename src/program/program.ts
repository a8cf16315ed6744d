import type { AttributeWords, FunctionOutline, FunctionUnit, Include, SourceFile } from '../c/index.js';
import type { SourceTree } from '../input/tree/tree.js';
import type { MacroDefinition } from './files/macros-in.js';

/** A function definition of the tree. */
export interface FunctionRef {
  readonly path: string;
  readonly outline: FunctionOutline;
}

/** A place where a name stands in code. */
export interface Reference {
  readonly path: string;
  readonly at: number;
  /** The function around it, or undefined at file level. */
  readonly inside: FunctionRef | undefined;
  /** Whether a `(` follows: a call, or a declaration at file level. */
  readonly isCall: boolean;
}

/**
 * The files of one tree. A file that cannot matter is never read; one that matters is outlined, and its functions are
 * parsed, when somebody asks for them.
 */
export interface Program {
  readonly tree: SourceTree;
  readonly attributes: AttributeWords;
  /** The files that use the dma-buf API, by the text `dma_buf_`, sorted. */
  readonly candidates: readonly string[];
  /** The candidates whose text matches, comments included. They are not outlined for that. */
  candidatesWith(pattern: RegExp): readonly string[];
  /** The files that contain the text `dma_buf`, sorted. All candidates are among them. */
  readonly mentions: readonly string[];
  /** All C sources and headers that are not left out, sorted. */
  readonly sources: readonly string[];
  /** The file that exports a symbol, or undefined. */
  exporterOf(name: string): string | undefined;
  /** The file that exports each symbol. */
  readonly exporters: ReadonlyMap<string, string>;
  /** How many files have been outlined so far. */
  parsedFiles(): number;
  /** How many functions have been parsed so far. */
  loweredFunctions(): number;
  /** One file, outlined; undefined where the tree has none. */
  file(path: string): SourceFile | undefined;
  /** The text of a file, which is kept for the next question. The file is not outlined. */
  text(path: string): string | undefined;
  /** What a file includes. The file is not outlined. */
  includesOf(path: string): readonly Include[];
  /** Whether the tree has a file. */
  has(path: string): boolean;
  /** The text of a file that is read once; it is not kept for long. */
  peek(path: string): string | undefined;
  /** The macros of a file that have a body, as text. A header is not outlined for that. */
  macrosIn(path: string): readonly MacroDefinition[];
  /** Whether a word may stand in a file, comments included: false only where it certainly does not. The file is not read for that. */
  mayHold(path: string, word: string): boolean;
  /** The same for a word of its own, which is no part of a longer word. */
  mayHoldWhole(path: string, word: string): boolean;
  /** Whether a word stands in a file, comments included. */
  includes(path: string, word: string): boolean;
  /**
   * The names that a file may define or declare as functions, read from its text alone: all that it does define are among
   * them. The value is false where the file only declares the function.
   */
  namesIn(path: string): ReadonlyMap<string, boolean>;
  /** The tags of the structs that a file may define, read from its text alone: all that it does define are among them. */
  tagsIn(path: string): ReadonlySet<string>;
  /** One function with its body. Throws where the tree has no such file. */
  lower(ref: FunctionRef): FunctionUnit;
  /** The code of a function's body as text, without comments. */
  bodyText(ref: FunctionRef): string;
  /** The files that are compiled together with a file, since one includes the other's .c file. The file itself is first. */
  translationUnit(path: string): readonly string[];
  /** The files of every translation unit of more than one file, by each of them. */
  units(): ReadonlyMap<string, ReadonlySet<string>>;
  /** All sources in a folder, not below it. */
  folder(folder: string): readonly string[];
}

/** What the user chooses about the reading of a tree. */
export interface ProgramOptions {
  /** Further words that mean nothing to the analysis, as attributes do. */
  readonly attributeWords: readonly string[];
  /** Files and folders that are left out. */
  readonly leftOut: readonly string[];
  /** The headers that a module's build asks what this kernel has; none where it is not given. */
  readonly askedHeaders?: readonly string[];
}

/** The keys that were made: as the same text a key is looked up faster than as one that is made anew. */
const keys = new WeakMap<FunctionOutline, { readonly path: string; readonly key: string }>();

/** The identity of a function. Two functions of one name in a file, under `#if`, have different keys. */
export function functionKey(ref: FunctionRef): string {
  const { path, outline } = ref;
  const known = keys.get(outline);
  if (known?.path === path) return known.key;
  const key = `${path}:${outline.start}`;
  keys.set(outline, { path, key });
  return key;
}

/** The function definitions of a file, in the order of the text. */
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

/** Makes the function that parses what begins at an offset of a file. It throws where no function does. */
export function functionAtPlace(program: Program): (place: readonly [path: string, start: number]) => FunctionUnit {
  return ([path, start]) => {
    const ref = functionAt(program, path, start);
    if (ref?.outline.start !== start) throw new Error(`no function at ${start} of ${path}`);
    return program.lower(ref);
  };
}
