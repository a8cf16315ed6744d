import { type AttributeWords, outlineFile, treeAttributeWords } from '../../c/index.js';
import type { FileChange } from '../../input/series/series.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { isDocument, isSource } from '../../input/tree/walk.js';
import { moduleAround } from '../lookup/modules.js';
import { folderOf } from '../paths.js';

/** Answers whether a change to a tree can change the result of an analysis, without an analysis. */
export interface Influence {
  /** False only where the result is certainly the same. */
  mayMatter(changes: readonly FileChange[]): Promise<boolean>;
}

/** A file with this text is analysed as a whole. */
const contractWord = 'dma_buf';
/** Documentation with any of these names can be outdated by the API. */
const documentWords = /dma_buf|move_notify|invalidate_mappings/;
/** How many calls away from a function that mentions dma-bufs the analysis looks, down to callees and up to callers. */
const mostCalls = 4;

/**
 * Creates the answers for changes to one tree. A change matters if its file mentions dma-bufs, or if a function that it
 * changes calls one that mentions dma-bufs, or is called by one, within a few calls of its module. A change to a header
 * of include/ matters if a file that mentions dma-bufs names what it changes. Comments and strings matter only in files
 * that mention dma-bufs.
 */
export function createInfluence(base: SourceTree): Influence {
  const modules = new Map<string, Promise<Module>>();
  let attributes: AttributeWords | undefined;
  let everywhere: Promise<readonly string[]> | undefined;
  /** The files that mention dma-bufs. An analysis asks the same: a tree that remembers its searches is searched once. */
  const mentions = (): Promise<readonly string[]> => {
    everywhere ??= base.search(base.sources, [contractWord], true).then(({ hits }) => hits[0] ?? []);
    return everywhere;
  };
  const moduleOf = (path: string): Promise<Module> => {
    const folder = folderOf(path);
    let known = modules.get(folder);
    if (!known) {
      const { files } = moduleAround(base.sources, folder);
      known = mentions().then((mentioning) => {
        const mentioned = new Set(mentioning);
        return readModule(
          base,
          files,
          files.filter((file) => mentioned.has(file)),
        );
      });
      modules.set(folder, known);
    }
    return known;
  };

  const sourceMatters = async ({ path, oldPath, before, after }: FileChange): Promise<boolean> => {
    if (before?.includes(contractWord) || after?.includes(contractWord)) return true;
    attributes ??= treeAttributeWords((file) => base.read(file), []);
    const touched = touchedNames(oldPath ?? path, before, after, attributes);
    if (touched.defined.size === 0) return false;
    if (isHeaderForAll(path)) {
      return (await mentions()).some((file) => namesAny(base.read(file) ?? '', touched.defined));
    }
    const module = await moduleOf(oldPath ?? path);
    if (module.isSilent) return false;
    const leading = module.leading();
    return (
      [...touched.used, ...touched.defined].some((name) => leading.has(name)) || isReached(module, touched.defined)
    );
  };

  return {
    async mayMatter(changes) {
      for (const change of changes) {
        const { path, before, after } = change;
        if (isDocument(path) && (documentWords.test(before ?? '') || documentWords.test(after ?? ''))) return true;
        if (isSource(path) && before !== after && (await sourceMatters(change))) return true;
      }
      return false;
    },
  };
}

function isHeaderForAll(path: string): boolean {
  return /^(?:include|arch\/\w+\/include)\//.test(path);
}

/** The functions of a module, found by text search. */
interface Module {
  /** Whether no file of it mentions dma-bufs. */
  readonly isSilent: boolean;
  /** The functions that mention dma-bufs, and those that reach one within a few calls. */
  leading(): ReadonlySet<string>;
  /** The functions in which any of some names stands. */
  callersOf(names: ReadonlySet<string>): ReadonlySet<string>;
}

/** Finds the definitions of a text: functions, and tables by the word before `= {`. */
const anyDefinition = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)(?:\(|(?:\[\w*\])?\s*=\s*\{)/gm;

function readModule(tree: SourceTree, files: readonly string[], mentions: readonly string[]): Module {
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

/** Whether a function that reaches dma-bufs calls any of some functions, within a few calls. */
function isReached(module: Module, names: ReadonlySet<string>): boolean {
  const seen = new Set(names);
  let next: ReadonlySet<string> = names;
  for (let calls = 0; calls < mostCalls && next.size > 0; calls++) {
    next = new Set([...module.callersOf(next)].filter((name) => !seen.has(name)));
    for (const name of next) {
      if (module.leading().has(name)) return true;
      seen.add(name);
    }
  }
  return false;
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

function namesAny(text: string, names: ReadonlySet<string>): boolean {
  for (const name of names) if (text.includes(name) && new RegExp(`\\b${name}\\b`).test(text)) return true;
  return false;
}

interface TouchedNames {
  /** Functions, macros, structs and tables that differ between the two versions of a file. */
  readonly defined: ReadonlySet<string>;
  /** All words in these. */
  readonly used: ReadonlySet<string>;
}

function touchedNames(
  path: string,
  before: string | null,
  after: string | null,
  attributes: AttributeWords,
): TouchedNames {
  const [old, current] = [before, after].map((text) => definitionsIn(path, text ?? '', attributes));
  const defined = new Set<string>();
  const used = new Set<string>();
  for (const [one, other] of [
    [old, current],
    [current, old],
  ] as const)
    for (const [name, text] of one ?? []) {
      if (other?.get(name) === text) continue;
      defined.add(name);
      for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) used.add(word);
    }
  return { defined, used };
}

/** The definitions of a file by name, as text without comments and the contents of strings. */
function definitionsIn(path: string, text: string, attributes: AttributeWords): ReadonlyMap<string, string> {
  const { code, unit } = outlineFile(path, text, attributes);
  const found = new Map<string, string>();
  const add = (name: string, body: string): void => {
    const plain = body.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/\s+/g, ' ');
    found.set(name, (found.get(name) ?? '') + plain);
  };
  for (const { name, start, end } of unit.functions) add(name, code.slice(start, end));
  for (const { name, start, end } of unit.variables) add(name, code.slice(start, end));
  for (const { name, parameters, body } of unit.macros) add(name, `${parameters?.join(',') ?? ''} ${body}`);
  for (const { tag, fields } of unit.structs) add(tag, fields.map((field) => `${field.type} ${field.name}`).join(';'));
  return found;
}
