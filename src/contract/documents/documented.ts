// What does the tree's documentation say about pinned importers?

import { type DocComment, docComments } from '../../c/index.js';
import { dmaBufCore, dmaBufHeader, importerOpsTag } from '../../kernel/index.js';
import type { Contract } from '../model/contract.js';

/**
 * Something whose documentation describes the contract: a function of the core, a member of an ops struct, or a section
 * of text by its title: `locking convention`.
 */
export type DocumentedSubject =
  | { readonly kind: 'section'; readonly title: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'member'; readonly struct: string; readonly name: string };

/** Where the documentation of a subject is, or should be. */
export interface DocumentedPlace {
  readonly path: string;
  /** Null where there is none. */
  readonly comment: DocComment | null;
  /** Offset of the declaration's first word. */
  readonly at: number;
  /** The names of a function's parameters. */
  readonly parameters: readonly string[];
}

/**
 * Finds the documentation of a subject in header and core.
 * @returns undefined where neither defines it
 */
export function findDocumented(
  { codebase }: Pick<Contract, 'codebase'>,
  subject: DocumentedSubject,
): DocumentedPlace | undefined {
  if (subject.kind === 'section') return sectionPlace(codebase.program.file(dmaBufCore), subject.title);
  if (subject.kind === 'member') return memberPlace(codebase.program.file(dmaBufHeader), subject.struct, subject.name);
  for (const path of [dmaBufCore, dmaBufHeader]) {
    const file = codebase.program.file(path);
    const outline = file?.unit.functions.find(({ name }) => name === subject.name);
    if (!file || !outline) continue;
    const comment = docComments(file.text).find((candidate) => candidate.subject === subject.name) ?? null;
    return { path, comment, at: outline.start, parameters: outline.parameters.map(({ name }) => name) };
  }
  return undefined;
}

function sectionPlace(file: SourceFile | undefined, title: string): DocumentedPlace | undefined {
  const comment = docComments(file?.text ?? '').find(({ blocks }) => blocks[0]?.text === `DOC: ${title}`);
  return comment && { path: dmaBufCore, comment, at: comment.start, parameters: [] };
}

type SourceFile = NonNullable<ReturnType<Contract['codebase']['program']['file']>>;

function memberPlace(file: SourceFile | undefined, tag: string, name: string): DocumentedPlace | undefined {
  const field = file?.unit.structs.find((struct) => struct.tag === tag)?.fields.find((each) => each.name === name);
  if (!file || !field) return undefined;
  const comments = docComments(file.text);
  // The comment directly above the member, or else the struct's comment, if it describes the member.
  const own = comments.filter((comment) => comment.subject === `@${name}` && comment.end <= field.at).at(-1);
  const at = declarationStart(file.code, field.at);
  const isAbove = own !== undefined && !/[;{}]/.test(file.code.slice(own.end, field.at));
  const head = comments.find(
    (comment) => comment.subject === `struct ${tag}` && comment.lines.some((line) => line.startsWith(`@${name}:`)),
  );
  return { path: dmaBufHeader, comment: (isAbove ? own : head) ?? null, at, parameters: [] };
}

/** @param code with comments blanked out */
function declarationStart(code: string, at: number): number {
  let start = at;
  while (start > 0 && !/[;{}]/.test(code[start - 1] ?? '')) start--;
  while (start < at && /\s/.test(code[start] ?? '')) start++;
  return start;
}

/** Returns the subjects in whose documentation readers first look for what happens to pinned importers. */
export function pinnedSubjects({ dialect }: Pick<Contract, 'dialect'>): readonly DocumentedSubject[] {
  return [
    { kind: 'member', struct: importerOpsTag, name: dialect.callback },
    { kind: 'function', name: dialect.notify },
  ];
}

/**
 * Returns whether the documentation of the callback says what a call means while the buffer is pinned, or refers to the
 * notify function, whose documentation says it.
 */
export function isPinnedDocumented(contract: Pick<Contract, 'codebase' | 'dialect'>): boolean {
  const [callback, notify] = pinnedSubjects(contract).map(
    (subject) => findDocumented(contract, subject)?.comment?.blocks ?? [],
  );
  if (callback?.some(({ text }) => saysPinned(text))) return true;
  const refers = callback?.some(({ text }) => text.includes(`${contract.dialect.notify}()`)) ?? false;
  return refers && (notify?.some(({ text }) => saysPinned(text)) ?? false);
}

/** Words by which documentation says that an exporter takes memory away. */
const revocationWords = /revo[ck]|tak(?:en?|es?|ing) away|no longer available|reclaim|\bvoid\b|for good|permanent/i;

/** Returns whether a paragraph says what the callback means to an importer that has pinned the buffer. */
export function saysPinned(paragraph: string): boolean {
  // The name dma_buf_attach_revocable() says nothing of revocation.
  const words = paragraph.replace(/\w*_\w*(?:\(\))?/g, ' ');
  return /\bpin(?:s|ned|ning)?\b/i.test(words) && revocationWords.test(words) && !deniesPinned(paragraph);
}

/** Returns whether a paragraph says that exporters leave pinned importers alone, which no exporter guarantees. */
export function deniesPinned(paragraph: string): boolean {
  return paragraph
    .split(/(?<=[.;])\s/)
    .some(
      (sentence) => /\b(?:un)?pin(?:s|ned|ning)?\b/i.test(sentence) && denials.some((denial) => denial.test(sentence)),
    );
}

const taken = '(?:called|invoked|run|notified|invalidated|revoked|reclaimed|taken away|happen)';

/** How documentation says so. A clause after "that" or "which" is about some importers only, and denies nothing. */
const denials: readonly RegExp[] = [
  new RegExp(`\\b(?:never|not|n't) (?:be |been |get )?(?:called back|${taken})`, 'i'),
  new RegExp(`(?<!\\b(?:that|which|who|if (?:it|they)) )\\b(?:cannot|can't) be ${taken}`, 'i'),
  /\bnever (?:comes|happens|moves? or)\b/i,
  /\bonly (?:called |invoked |run )?(?:when|while|if)\b[^.]*\b(?:unpinned|not pinned|isn't pinned)\b/i,
  /\b(?:may|can|could|should|must|shall) (?:safely |simply )?(?:ignore|do nothing)/i,
  /\bneeds? not\b|\bno need to\b|\bnothing to do\b|\b(?:do|does)(?:n't| not) (?:have|need) to\b/i,
  /\bpin\w* (?:also )?(?:prevents?|protects?|guards?|rules? out|excludes?|precludes?)\b(?:(?!\bnot\b)[^.])*(?:revo[ck]|invalidat|callback|taken away)/i,
  /\bguarantees? that\b[^.]*\b(?:stays?|remains?|valid|accessible)\b/i,
];
