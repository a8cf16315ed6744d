import { type AttributeWords, outlineFile, treeAttributeWords } from '../../c/index.js';
import type { FileChange } from '../../input/series/series.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { isDocument, isSource } from '../../input/tree/walk.js';
import { folderOf, moduleAround } from '../paths.js';

/** Answers whether a change can alter what an analysis says, without analysing anything. */
export interface Influence {
  mayMatter(changes: readonly FileChange[]): Promise<boolean>;
}

/** A file that says this is read by the analysis, from its first line to its last. */
const contractWord = 'dma_buf';
/** Names of the API by which documentation can go stale. */
const documentWords = /dma_buf|move_notify|invalidate_mappings/;
/** How many calls lead at most from what the analysis begins at to what it looks into, and back to who it asks. */
const mostCalls = 4;

/**
 * A change matters if its file speaks of dma-bufs; or if it changes a function that leads to one which does, by a few
 * calls within its module, or that such a function leads to. A header for all matters if code that speaks of dma-bufs
 * names what it changes. Comments and strings matter only in files that speak of dma-bufs.
 */
export function createInfluence(base: SourceTree): Influence {
  const modules = new Map<string, Promise<Module>>();
  let attributes: AttributeWords | undefined;
  let everywhere: Promise<readonly string[]> | undefined;
  /** The files that speak of dma-bufs. An analysis asks the same: a tree that remembers is searched once. */
  const speakers = (): Promise<readonly string[]> => {
    everywhere ??= base.search(base.sources, [contractWord], true).then(({ hits }) => hits[0] ?? []);
    return everywhere;
  };
  const moduleOf = (path: string): Promise<Module> => {
    const folder = folderOf(path);
    let known = modules.get(folder);
    if (!known) {
      const { files } = moduleAround(base.sources, folder);
      known = speakers().then((mentions) => {
        const spoken = new Set(mentions);
        return readModule(
          base,
          files,
          files.filter((file) => spoken.has(file)),
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
      return (await speakers()).some((file) => namesAny(base.read(file) ?? '', touched.defined));
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

/** The functions of a module, as far as a search by name tells. */
interface Module {
  /** No file of it speaks of dma-bufs. */
  readonly isSilent: boolean;
  /** The functions that speak of dma-bufs, and those that lead there by a few calls. */
  leading(): ReadonlySet<string>;
  /** The functions that name any of some names. */
  callersOf(names: ReadonlySet<string>): ReadonlySet<string>;
}

/** What is defined from a line on: a function by its name, a table by the word before its `=`. */
const anyDefinition = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)(?:\(|(?:\[\w*\])?\s*=\s*\{)/gm;

function readModule(tree: SourceTree, files: readonly string[], mentions: readonly string[]): Module {
  const read = (paths: readonly string[]): readonly string[] => paths.map((path) => tree.read(path) ?? '');
  let all: readonly string[] | undefined;
  // The largest headers of a driver list registers; what they define inline speaks of dma-bufs, or leads nowhere.
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

/** Whether a function that leads to dma-bufs calls one of some names, by a few calls. */
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

/** What is defined around each match of a pattern in a text. */
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

/** What is defined around each place that names one of some names, itself apart. */
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
  /** Functions, macros, structs and tables that the two versions of a file do not have alike. */
  readonly defined: ReadonlySet<string>;
  /** The names that stand in them. */
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

/** What a file defines, by name, without comments and the words of strings. */
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
