import { type AttributeWords, outlineFile, treeAttributeWords } from '../c/index.js';
import type { FileChange } from '../input/series.js';
import type { SourceTree } from '../input/tree.js';
import { isDocument, isSource } from '../input/walk.js';
import { folderOf, moduleAround } from './paths.js';

/** Answers whether a change can alter what an analysis says, without analysing anything. */
export interface Influence {
  mayMatter(changes: readonly FileChange[], tree: SourceTree): Promise<boolean>;
}

/** Who says one of these is read by the analysis, or may be. */
const contractWords = /dma_buf|dma_resv|ww_mutex/;
/** Names of the API by which documentation can go stale. */
const documentWords = /dma_buf|move_notify|invalidate_mappings/;
/** How many calls a change is followed to code that speaks of dma-bufs. */
const mostCalls = 3;

/**
 * A change matters if its file speaks of dma-bufs, or if what it changes and code that does name each other: within a
 * module by way of a few calls, from a header for all directly.
 */
export function createInfluence(base: SourceTree): Influence {
  const modules = new Map<string, Promise<Module>>();
  let attributes: AttributeWords | undefined;
  let everywhere: Promise<readonly string[]> | undefined;
  const speakers = async (paths: readonly string[]): Promise<readonly string[]> =>
    (await base.search(paths, ['dma_buf'], false)).hits[0] ?? [];
  const moduleOf = (path: string): Promise<Module> => {
    const folder = folderOf(path);
    let known = modules.get(folder);
    if (!known) {
      const { files } = moduleAround(base.sources, folder);
      known = speakers(files).then((mentions) => readModule(base, files, mentions));
      modules.set(folder, known);
    }
    return known;
  };
  const isHeaderForAll = (path: string): boolean => /^(?:include|arch\/\w+\/include)\//.test(path);

  const sourceMatters = async ({ path, oldPath, before, after }: FileChange): Promise<boolean> => {
    if (contractWords.test(before ?? '') || contractWords.test(after ?? '')) return true;
    attributes ??= treeAttributeWords((file) => base.read(file), []);
    const touched = touchedNames(oldPath ?? path, before, after, attributes);
    if (touched.defined.size === 0) return false;
    if (isHeaderForAll(path)) {
      everywhere ??= speakers(base.sources);
      return (await everywhere).some((file) => namesAny(base.read(file) ?? '', touched.defined));
    }
    const { texts, others, defined } = await moduleOf(oldPath ?? path);
    if (texts.length === 0) return false;
    if ([...touched.used].some((name) => defined.has(name))) return true;
    let names: ReadonlySet<string> = touched.defined;
    for (let calls = 0; calls < mostCalls && names.size > 0; calls++) {
      if (texts.some((text) => namesAny(text, names))) return true;
      names = callersIn(others(), names);
    }
    return false;
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

/** What of a module speaks of dma-bufs, and what does not. */
interface Module {
  /** The texts of the files that do. */
  readonly texts: readonly string[];
  /** The names that they define. */
  readonly defined: ReadonlySet<string>;
  /** The texts of the others. Read when first asked for. */
  others(): readonly string[];
}

// A definition's name stands at the start of a line, or after a type that does.
const definitionLine = /^(?:[A-Za-z_][\w \t]*[ \t*]+)?([A-Za-z_]\w*)\(/gm;

function readModule(tree: SourceTree, files: readonly string[], mentions: readonly string[]): Module {
  const texts = mentions.map((path) => tree.read(path) ?? '');
  const speaking = new Set(mentions);
  let others: readonly string[] | undefined;
  return {
    texts,
    defined: new Set(texts.flatMap((text) => [...text.matchAll(definitionLine)].map(([, name = '']) => name))),
    others() {
      others ??= files
        .filter((path) => path.endsWith('.c') && !speaking.has(path))
        .map((path) => tree.read(path) ?? '');
      return others;
    },
  };
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

/** What a file defines, by name, without its comments. */
function definitionsIn(path: string, text: string, attributes: AttributeWords): ReadonlyMap<string, string> {
  const { code, unit } = outlineFile(path, text, attributes);
  const found = new Map<string, string>();
  const add = (name: string, body: string): void => void found.set(name, (found.get(name) ?? '') + body);
  for (const { name, start, end } of unit.functions) add(name, code.slice(start, end));
  for (const { name, start, end } of unit.variables) add(name, code.slice(start, end));
  for (const { name, parameters, body } of unit.macros) add(name, `${parameters?.join(',') ?? ''} ${body}`);
  for (const { tag, fields } of unit.structs) add(tag, fields.map((field) => `${field.type} ${field.name}`).join(';'));
  return found;
}

function namesAny(text: string, names: ReadonlySet<string>): boolean {
  for (const name of names) if (text.includes(name) && new RegExp(`\\b${name}\\b`).test(text)) return true;
  return false;
}

/** The functions that name one of some names: those above it in the text. */
function callersIn(texts: readonly string[], names: ReadonlySet<string>): ReadonlySet<string> {
  const callers = new Set<string>();
  for (const text of texts) {
    if (!namesAny(text, names)) continue;
    const definitions = [...text.matchAll(definitionLine)];
    for (const name of names)
      for (const { index } of text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))) {
        const around = definitions.findLast((definition) => definition.index < index)?.[1];
        if (around && !names.has(around)) callers.add(around);
      }
  }
  return callers;
}
