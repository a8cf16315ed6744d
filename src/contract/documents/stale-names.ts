// Which names in comments and documents does the tree not have?

import {
  apiPrefix,
  dmaBufHeader,
  importerOpsTag,
  type RenamedName,
  removedMembers,
  renamedNames,
} from '../../kernel/index.js';
import { type Codebase, filesSaying } from '../../program/index.js';
import type { Contract } from '../model/contract.js';

/** A name in a comment or document that the tree does not have. */
export interface StaleName {
  readonly path: string;
  /** Offset of the name. */
  readonly at: number;
  /** As the text spells it: `move_notify`, `&dma_buf.lock`. */
  readonly name: string;
  readonly confidence: 'high' | 'medium';
  /** The name in this tree; null where the tree has no such thing. */
  readonly instead: string | null;
  /** The struct that does not have the member; null for a function. */
  readonly struct: string | null;
}

type Documents = Pick<Contract, 'codebase' | 'dialect' | 'documents'>;

/** Yields the stale names in the comments and the documentation of a tree. */
export function* staleNames(contract: Documents): Iterable<StaleName> {
  for (const name of renamedNames.flatMap((renamed) => absentName(contract, renamed))) {
    yield* inComments(contract, name);
    yield* inDocuments(contract, name);
  }
  yield* goneMembers(contract);
  yield* goneFunctions(contract);
}

/** Returns the message for a stale name. */
export function sayStale({ name, instead, struct }: StaleName): string {
  if (struct !== null) return `refers to '${name}', which is not a member of this tree's struct ${struct}`;
  return instead === null
    ? `refers to '${name}()', which this tree does not have`
    : `refers to '${name}', which is not in this tree's ${dmaBufHeader}: it is named '${instead}' here`;
}

interface AbsentName {
  readonly absent: string;
  readonly instead: string;
  readonly kind: RenamedName['kind'];
}

/** The one of two names that the tree does not have, where it has the other: usually the old one, after a backport the new one. */
function absentName({ dialect }: Documents, { old, current, kind }: RenamedName): readonly AbsentName[] {
  const has = (name: string): boolean =>
    kind === 'function' ? dialect.declared.has(name) : dialect.importerFields.includes(name);
  if (has(old) === has(current)) return [];
  return [has(current) ? { absent: old, instead: current, kind } : { absent: current, instead: old, kind }];
}

function* inComments({ codebase }: Documents, name: AbsentName): Iterable<StaleName> {
  for (const path of filesSaying(codebase, codebase.program.mentions, name.absent)) {
    const file = codebase.program.file(path);
    if (!file) continue;
    // In a module with its own `…move_notify`, as in drivers that use TTM, comments mean that one.
    const isForeign = file.code.includes(name.absent) || !codebase.program.candidates.includes(path);
    for (const { start, end } of file.unit.comments)
      yield* mentions({ path, text: file.text, start, end }, name, isForeign);
  }
}

function* inDocuments({ documents }: Documents, name: AbsentName): Iterable<StaleName> {
  for (const { path, text } of documents)
    yield* mentions({ path, text, start: 0, end: text.length }, name, !/dma[-_ ]?buf/i.test(text));
}

/** A part of a file's text. */
interface Passage {
  readonly path: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** @param isForeign whether a member of this name in the passage probably belongs to something else */
function* mentions(
  { path, text, start, end }: Passage,
  { absent, instead, kind }: AbsentName,
  isForeign: boolean,
): Iterable<StaleName> {
  for (const match of text.slice(start, end).matchAll(new RegExp(`\\b${absent}\\b`, 'g'))) {
    const at = start + match.index;
    const confidence = kind === 'function' ? 'high' : memberConfidence(text, at, isForeign);
    if (confidence) yield { path, at, name: absent, confidence, instead, struct: null };
  }
}

/** How sure it is that a word means the member of the ops struct: `high` where the struct or `attach` stands before it. */
function memberConfidence(text: string, at: number, isForeign: boolean): StaleName['confidence'] | undefined {
  const before = text.slice(Math.max(0, at - 60), at);
  if (new RegExp(`(?:${importerOpsTag}|importer_ops|attach)\\s*(?:\\.|->|::)\\s*$`).test(before)) return 'high';
  if (/(?:\.|->)\s*$/.test(before) || isForeign) return undefined; // a member of another struct, or another module's name
  return 'medium';
}

/** References to members that their struct does not have: as kernel-doc (`&dma_buf.lock`), or by the name alone. */
function* goneMembers({ codebase, dialect }: Documents): Iterable<StaleName> {
  const removed = removedMembers.filter(({ struct, name }) => dialect.members.get(struct)?.has(name) === false);
  const bare = removed.map(({ name }) => `|(?<![.>\\w])(?:${name})\\b`).join('');
  const pattern = new RegExp(`&(?:struct )?(dma_buf(?:_ops|_attach_ops|_attachment)?)\\.(\\w+)${bare}`, 'g');
  for (const path of codebase.program.candidatesWith(new RegExp(pattern.source)))
    for (const { text, at } of commentsOf(codebase, path))
      for (const match of text.matchAll(pattern)) {
        const [whole, struct, member] = match;
        const isRenamed = renamedNames.some(({ old, current }) => member === old || member === current);
        if (struct && member && (isRenamed || dialect.members.get(struct)?.has(member) !== false)) continue;
        const owner = struct ?? removed.find(({ name }) => name === whole)?.struct ?? '';
        const confidence = struct ? 'high' : 'medium';
        yield { path, at: at + match.index, name: whole, confidence, instead: null, struct: owner };
      }
}

/** References to functions of the API (`dma_buf_kmap()`) that nothing in the tree declares or defines. */
function* goneFunctions({ codebase, dialect, documents }: Documents): Iterable<StaleName> {
  const pattern = new RegExp(`\\b(${apiPrefix}\\w+)\\(\\)`, 'g');
  const known = new Map<string, boolean>();
  const isGone = (name: string): boolean => {
    if (dialect.declared.has(name) || renamedNames.some(({ old, current }) => name === old || name === current))
      return false;
    // A file that defines such a name mentions dma-bufs, so it is a candidate.
    const isKnown = known.get(name) ?? codebase.program.candidates.some((path) => isDefinedIn(codebase, path, name));
    known.set(name, isKnown);
    return !isKnown;
  };
  const mentionsGone = (text: string): boolean => [...text.matchAll(pattern)].some(({ 1: name = '' }) => isGone(name));
  const texts = [
    ...codebase.program
      .candidatesWith(new RegExp(pattern.source))
      .filter((path) => mentionsGone(codebase.program.text(path) ?? ''))
      .flatMap((path) => commentsOf(codebase, path).map((comment) => ({ ...comment, path }))),
    ...documents.map(({ path, text }) => ({ path, text, at: 0 })),
  ];
  for (const { path, text, at } of texts)
    for (const { 1: name = '', index } of text.matchAll(pattern))
      if (isGone(name)) yield { path, at: at + index, name, confidence: 'medium', instead: null, struct: null };
}

function isDefinedIn({ program }: Codebase, path: string, name: string): boolean {
  return (
    program.namesIn(path).has(name) || (program.file(path)?.unit.macros.some((macro) => macro.name === name) ?? false)
  );
}

function commentsOf(codebase: Codebase, path: string): readonly { readonly text: string; readonly at: number }[] {
  const file = codebase.program.file(path);
  return (file?.unit.comments ?? []).map(({ start, end }) => ({ text: file?.text.slice(start, end) ?? '', at: start }));
}
