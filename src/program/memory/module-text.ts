import type { SourceTree } from '../../input/tree/tree.js';

/** A file with this text is analysed as a whole. */
export const contractWord = 'dma_buf';
/** How many calls away from a function that mentions dma-bufs the analysis looks, down to callees and up to callers. */
export const mostCalls = 4;

/** Whether every module of the tree may include a header. */
export function isHeaderForAll(path: string): boolean {
  return /^(?:include|arch\/\w+\/include)\//.test(path);
}

/** The functions of a module, found by text search. */
export interface ModuleText {
  /** Whether no file of it mentions dma-bufs. */
  readonly isSilent: boolean;
  /** The functions that mention dma-bufs, and those that reach one within a few calls. */
  leading(): ReadonlySet<string>;
  /** The functions in which any of some names stands. */
  callersOf(names: ReadonlySet<string>): ReadonlySet<string>;
}

/** Finds the definitions of a text: functions, and tables by the word before `= {`. */
const anyDefinition = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)(?:\(|(?:\[\w*\])?\s*=\s*\{)/gm;

/**
 * Reads a module.
 * @param files its files
 * @param mentions those of them that mention dma-bufs
 */
export function readModule(tree: SourceTree, files: readonly string[], mentions: readonly string[]): ModuleText {
  const read = (paths: readonly string[]): readonly string[] => paths.map((path) => tree.read(path) ?? '');
  let all: readonly string[] | undefined;
  // The largest headers of a driver list registers: only headers that mention dma-bufs are read.
  const texts = (): readonly string[] => {
    all ??= read(files.filter((path) => path.endsWith('.c') || mentions.includes(path)));
    return all;
  };
  let leading: Set<string> | undefined;
  const callersOf = (names: ReadonlySet<string>): ReadonlySet<string> => callersIn(texts(), names);
  return {
    isSilent: mentions.length === 0,
    callersOf,
    leading() {
      if (leading) return leading;
      leading = new Set(read(mentions).flatMap((text) => definitionsAround(text, new RegExp(`${contractWord}_`, 'g'))));
      let next: ReadonlySet<string> = leading;
      for (let calls = 0; calls < mostCalls && next.size > 0; calls++) {
        const known: ReadonlySet<string> = leading;
        next = new Set([...callersOf(next)].filter((name) => !known.has(name)));
        for (const name of next) leading.add(name);
      }
      return leading;
    },
  };
}

/** The names of the definitions in which a pattern matches. */
function definitionsAround(text: string, pattern: RegExp): readonly string[] {
  const places = [...text.matchAll(pattern)].map(({ index }) => index);
  if (places.length === 0) return [];
  const definitions = [...text.matchAll(anyDefinition)];
  const found = new Set<string>();
  let at = -1;
  for (const place of places) {
    while ((definitions[at + 1]?.index ?? Number.POSITIVE_INFINITY) <= place) at++;
    const name = definitions[at]?.[1];
    if (name) found.add(name);
  }
  return [...found];
}

/** The names of the definitions in which any of some names stands, without these names themselves. */
function callersIn(texts: readonly string[], names: ReadonlySet<string>): ReadonlySet<string> {
  if (names.size === 0) return new Set();
  const pattern = new RegExp(`\\b(?:${[...names].join('|')})\\b`, 'g');
  return new Set(texts.flatMap((text) => definitionsAround(text, pattern)).filter((name) => !names.has(name)));
}
