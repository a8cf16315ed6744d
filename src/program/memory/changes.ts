import type { Include, SourceFile } from '../../c/index.js';
import { firstNotBefore } from '../paths.js';
import { functionKey, type Program } from '../program.js';

/** What differs between two trees. */
export interface Changes {
  /** The facts that no longer hold, as {@link trackProgram} notes them. */
  readonly facts: ReadonlySet<string>;
  /** The functions of changed files that are the same, at the same place, by {@link functionKey}. */
  readonly sameFunctions: ReadonlySet<string>;
}

/**
 * Compares two trees in the files that may differ.
 * @param old the program of the former tree; like `next`, one that notes nothing
 */
export function compareTrees(old: Program, next: Program, paths: readonly string[]): Changes {
  const facts = new Set<string>();
  const sameFunctions = new Set<string>();
  const listed = ['mentions', 'candidates', 'sources'] as const;
  for (const path of paths) {
    const flipped = listed.filter((name) => isListed(old[name], path) !== isListed(next[name], path));
    for (const name of flipped) facts.add(`list:${name}`);
    const [before, after] = [old.text(path), next.text(path)];
    const isReadAlike = old.file(path)?.before.digest === next.file(path)?.before.digest;
    if (before === after && flipped.length === 0 && isReadAlike) continue;
    facts.add(`file:${path}`);
    if ((before === undefined) !== (after === undefined)) facts.add(`exists:${path}`);
    if (JSON.stringify(old.macrosIn(path)) !== JSON.stringify(next.macrosIn(path))) facts.add(`macros:${path}`);
    compareWords(before ?? '', after ?? '', flipped.length > 0, facts);
    compareOutlines(path, old.file(path), next.file(path), flipped.length > 0, facts, sameFunctions);
    const [oldNames, nextNames] = [old.namesIn(path), next.namesIn(path)];
    const names = flipped.length > 0 ? [...oldNames.keys(), ...nextNames.keys()] : difference(oldNames, nextNames);
    for (const name of names) facts.add(`name:${name}`);
    for (const [, name = ''] of `${before}\n${after}`.matchAll(/EXPORT_SYMBOL\w*\(\s*(\w+)/g))
      if (old.exporterOf(name) !== next.exporterOf(name)) facts.add(`name:${name}`);
  }
  const [oldUnits, nextUnits] = [old.units(), next.units()];
  for (const path of [...oldUnits.keys(), ...nextUnits.keys()])
    if (old.translationUnit(path).join() !== next.translationUnit(path).join()) facts.add(`unit:${path}`);
  return { facts, sameFunctions };
}

/** Whether a sorted list has a path. */
function isListed(sorted: readonly string[], path: string): boolean {
  return sorted[firstNotBefore(sorted, path)] === path;
}

/** Adds the words that were added or removed; all words of a file that was added or removed. */
function compareWords(before: string, after: string, isWhole: boolean, facts: Set<string>): void {
  const [old, next] = [wordsOf(before), wordsOf(after)];
  for (const word of isWhole ? new Set([...old, ...next]) : difference(old, next)) facts.add(`word:${word}`);
}

export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g) ?? []);
}

type Keys = Pick<ReadonlySet<string>, 'has' | 'keys'>;

function difference(one: Keys, other: Keys): readonly string[] {
  return [...[...one.keys()].filter((item) => !other.has(item)), ...[...other.keys()].filter((item) => !one.has(item))];
}

/** Adds the facts about includes, names and bodies that no longer hold. */
function compareOutlines(
  path: string,
  old: SourceFile | undefined,
  next: SourceFile | undefined,
  isWhole: boolean,
  facts: Set<string>,
  sameFunctions: Set<string>,
): void {
  const includes = (file: SourceFile | undefined): string => includesText(file?.unit.includes ?? []);
  if (includes(old) !== includes(next)) facts.add(`includes:${path}`);
  const [before, after] = [entriesOf(old), entriesOf(next)];
  for (const name of [...before.keys(), ...after.keys()])
    if (isWhole || before.get(name) !== after.get(name)) facts.add(`name:${name}`);
  const bodies = new Map(next?.unit.functions.map((outline) => [outline.start, JSON.stringify(outline)]) ?? []);
  for (const outline of old?.unit.functions ?? []) {
    const { start, end } = outline;
    const isSame =
      old?.before.digest === next?.before.digest &&
      bodies.get(start) === JSON.stringify(outline) &&
      old?.text.slice(start, end) === next?.text.slice(start, end) &&
      old?.code.slice(start, end) === next?.code.slice(start, end);
    const key = functionKey({ path, outline });
    if (isSame) sameFunctions.add(key);
    else facts.add(`body:${key}`);
  }
}

/** What a file includes, as text to compare. */
export function includesText(includes: readonly Include[]): string {
  return JSON.stringify(includes.map(({ path, quoted }) => [path, quoted]));
}

/**
 * For each name that a file defines, all that the file says of it, as text to compare.
 * @param asked the names that matter; undefined for all
 */
export function entriesOf(file: SourceFile | undefined, asked?: ReadonlySet<string>): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  const add = (name: string, what: unknown): void => {
    if (!asked || asked.has(name)) entries.set(name, `${entries.get(name) ?? ''}${JSON.stringify(what)}`);
  };
  for (const outline of file?.unit.functions ?? []) add(outline.name, outline);
  for (const { name, parameters, body } of file?.unit.macros ?? []) add(name, [parameters, body]);
  for (const { tag, fields } of file?.unit.structs ?? [])
    add(
      tag,
      fields.map(({ name, type, pointer, isFunction }) => [name, type, pointer, isFunction]),
    );
  // Definitions.struct() looks for this form.
  for (const [, tag = ''] of file?.text.matchAll(/\bstruct\s+(\w+)\s*\{/g) ?? []) add(tag, 'struct');
  return entries;
}
