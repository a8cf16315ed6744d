import { shortDigest } from '../../../base/digest.js';
import { ownValue } from '../../../base/own-value.js';
import type { FileTables } from '../../files/file-tables.js';
import { moduleOf } from '../../lookup/modules.js';
import { functionKey, type Program } from '../../program.js';
import { includesText } from '../changes.js';

/** The kind of a fact and what it is about: `file:a.c` is of the kind `file`, about `a.c`. */
export function partsOf(fact: string): readonly [kind: string, about: string] {
  const colon = fact.indexOf(':');
  return [fact.slice(0, colon), fact.slice(colon + 1)];
}

/** The path in the key of a function. */
function pathOfKey(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}

/** The kinds of facts that only the content of one file can change, and how to learn which. */
const fileOf: Readonly<Record<string, (about: string) => string>> = {
  file: (path) => path,
  includes: (path) => path,
  macros: (path) => path,
  body: pathOfKey,
};

/** The file whose content alone can change a fact; undefined for a fact that others can change. */
export function fileOfFact(fact: string): string | undefined {
  const [kind, about] = partsOf(fact);
  return ownValue(fileOf, kind)?.(about);
}

type ValueOf = (program: Program, tables: FileTables, about: string) => string;

const lists: Readonly<Record<string, (program: Program) => readonly string[]>> = {
  candidates: (program) => program.candidates,
  mentions: (program) => program.mentions,
  sources: (program) => program.sources,
};

/** What each kind of fact says of a tree, as a text that is equal where it says the same. */
const values: Readonly<Record<string, ValueOf>> = {
  // What a changed file says is judged by its record.
  file: () => '',
  word: () => '',
  // Of the meaning of a name, the records hold all but this.
  name: (program, _, name) => program.exporterOf(name) ?? '',
  outlined: () => '',
  lowered: () => '',
  includes: (program, _, path) => shortDigest(includesText(program.includesOf(path))),
  macros: (program, _, path) => shortDigest(JSON.stringify(program.macrosIn(path))),
  body: (program, _, key) => bodyValue(program, key),
  exists: (program, _, path) => String(program.has(path)),
  unit: (program, _, path) => program.translationUnit(path).join(),
  list: (program, _, name) => shortDigest((ownValue(lists, name)?.(program) ?? []).join()),
  pattern: (program, _, key) => shortDigest(program.candidatesWith(patternOf(key)).join()),
  shape: (program, tables, folder) => moduleAt(program, tables, folder).shape,
  module: (program, tables, folder) => shortDigest(moduleAt(program, tables, folder).files.join()),
};

/** What a fact says of a tree. A fact of a kind that is not known here says something else each time. */
export function factValue(program: Program, tables: FileTables, fact: string): string {
  const [kind, about] = partsOf(fact);
  return ownValue(values, kind)?.(program, tables, about) ?? `unknown ${Math.random()}`;
}

function bodyValue(program: Program, key: string): string {
  const path = pathOfKey(key);
  const file = program.file(path);
  const outline = file?.unit.functions.find((one) => functionKey({ path, outline: one }) === key);
  if (!file || !outline) return 'none';
  const { start, end } = outline;
  return shortDigest(
    file.before.digest,
    JSON.stringify(outline),
    file.text.slice(start, end),
    file.code.slice(start, end),
  );
}

/** The pattern of a key that patternKey() made. */
export function patternOf(key: string): RegExp {
  const slash = key.indexOf('/');
  return new RegExp(key.slice(slash + 1), key.slice(0, slash));
}

function moduleAt({ tree }: Program, { modules }: FileTables, folder: string) {
  const known = modules.get(folder) ?? moduleOf(tree, folder);
  modules.set(folder, known);
  return known;
}
