import { type DocComment, outlineFile, readDocComment, writeDocComment } from '../../c/index.js';
import {
  type Contract,
  type DocumentedPlace,
  dmaBufCore,
  dmaBufHeader,
  findDocumented,
  isPinnedDocumented,
  type StaleName,
  sayStale,
  staleNames,
} from '../../contract/index.js';
import type { Conflict, FileChange, PatchName, Stale } from '../changes.js';
import { type DialectFacts, dialectFacts } from '../facts.js';
import { type Amended, amendComment } from './amend.js';
import { correctNames, correctWords } from './correct.js';
import { corrections } from './corrections.js';
import { type DocumentedComment, documentedComments, parameterWords } from './knowledge.js';
import { columnsOf } from './refill.js';
import { formerStatements, statementsOf } from './statements.js';

interface Amendments {
  readonly files: FileChange[];
  readonly stale: Stale[];
  readonly conflicts: Conflict[];
  /** What cannot be documented, since neither header nor core has it. */
  readonly missing: string[];
}

/** The kernel-doc comments of header and core, and the names in Documentation/. */
export function amendFiles(contract: Contract): Amendments {
  const amendments: Amendments = { files: [], stale: [], conflicts: [], missing: [] };
  const facts = dialectFacts(contract);
  for (const comment of documentedComments(facts))
    if (!findDocumented(contract, comment.subject)) amendments.missing.push(subjectText(comment));
  const names = [...staleNames(contract)];
  const namesIn = (path: string): readonly StaleName[] => names.filter((name) => name.path === path);
  for (const path of [dmaBufHeader, dmaBufCore]) amendSource(contract, facts, path, namesIn(path), amendments);
  for (const { path, text } of contract.documents) {
    const stale = namesIn(path);
    finish(amendments, path, 'names', text, correctNames(text, stale).text);
    for (const name of stale) amendments.stale.push(staleName(text, name, true));
  }
  return amendments;
}

function amendSource(
  contract: Contract,
  facts: DialectFacts,
  path: string,
  stale: readonly StaleName[],
  amendments: Amendments,
): void {
  const before = contract.codebase.program.file(path)?.text;
  if (before === undefined) return;
  const named = correctNames(before, stale);
  const worded = correctWords(named.text, ofTree(contract, facts, path), (subject) =>
    subject === '@callback' ? `@${facts.callback}` : subject === 'notify' ? facts.notify : subject,
  );
  for (const name of stale)
    amendments.stale.push(staleName(before, name, name.instead !== null || isMended(worded.text, name)));
  for (const { at, what } of worded.done)
    amendments.stale.push({
      path,
      line: lineOf(named.text, at),
      kind: 'stale-documentation',
      message: `the comment is out of date: ${what}`,
      isMended: true,
    });
  const after = amendComments(contract, facts, path, before, worded.text, amendments);
  finish(amendments, path, path === dmaBufHeader ? 'header' : 'core', before, after);
}

/** The corrections that this tree needs. */
function ofTree({ dialect, codebase }: Contract, facts: DialectFacts, path: string) {
  const has = (struct: string, member: string): boolean => dialect.members.get(struct)?.has(member) ?? false;
  const hasConvention = codebase.program.peek(dmaBufCore)?.includes('DOC: locking convention') ?? false;
  return corrections.filter((each) => each.path === path && each.applies(facts, has, hasConvention));
}

/** A member that is gone has no other name: it is mended where its sentence was. */
function isMended(text: string, { name }: StaleName): boolean {
  return !text.includes(name);
}

function amendComments(
  contract: Contract,
  facts: DialectFacts,
  path: string,
  before: string,
  text: string,
  amendments: Amendments,
): string {
  const isUndocumented = !isPinnedDocumented(contract);
  const inText = { ...contract, codebase: withText(contract, path, text) };
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (const comment of documentedComments(facts)) {
    const place = findDocumented(inText, comment.subject);
    if (place?.path !== path) continue;
    const original = findDocumented(contract, comment.subject);
    const line = lineOf(before, original?.comment?.start ?? original?.at ?? 0);
    const subject = subjectText(comment);
    const { doc, prefix } = place.comment ? { doc: place.comment, prefix: '' } : freshComment(text, place, comment);
    const width = 80 - columnsOf(doc.indent) - ' * '.length;
    // What a comment of our own making says in its title must not count as said.
    const amended = amendComment(
      doc,
      place.comment ? comment : { statements: {} },
      statementsOf(comment, facts, width),
      formerStatements(comment, facts, width),
    );
    report(amended, { path, line, subject, isNew: place.comment === null, isUndocumented }, amendments);
    if (amended.comment === null) continue;
    edits.push({ start: doc.start, end: doc.end, text: amended.comment + prefix });
  }
  return edits
    .sort((left, right) => right.start - left.start)
    .reduce((current, edit) => current.slice(0, edit.start) + edit.text + current.slice(edit.end), text);
}

/** The same tree with another text of one file. */
function withText({ codebase }: Contract, path: string, text: string): Contract['codebase'] {
  const { program } = codebase;
  const file = outlineFile(path, text, program.attributes);
  return { ...codebase, program: { ...program, file: (asked) => (asked === path ? file : program.file(asked)) } };
}

/** A comment for what has none: only its title, and what its parameters are. */
function freshComment(
  text: string,
  { at, parameters }: DocumentedPlace,
  { subject, brief, returns }: DocumentedComment,
): { readonly doc: DocComment; readonly prefix: string } {
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const title = subject.kind === 'member' ? `@${subject.name}: ${brief}` : `${subject.name} - ${brief}`;
  const lines = [title, ...parameters.map((name) => `@${name}: ${parameterWords[name] ?? 'see the declaration'}`)];
  if (returns) lines.push('', `Returns: ${returns}`);
  const written = writeDocComment(indent, lines);
  const doc = readDocComment(`${indent}${written}`, indent.length, indent.length + written.length);
  if (!doc) throw new Error(`no comment: ${written}`);
  return { doc: { ...doc, start: at, end: at, indent }, prefix: `\n${indent}` };
}

/** Where a comment stands, and what it is about. */
interface Reported {
  readonly path: string;
  readonly line: number;
  readonly subject: string;
  readonly isNew: boolean;
  /** Nothing in the tree says what the callback means to pinned importers. */
  readonly isUndocumented: boolean;
}

function report(
  { outcomes }: Amended,
  { path, line, subject, isNew, isUndocumented }: Reported,
  { stale, conflicts }: Amendments,
): void {
  const added = outcomes.filter(({ kind }) => kind === 'added').map(({ id }) => id);
  const updated = outcomes.filter(({ kind }) => kind === 'updated').map(({ id }) => id);
  if (added.length > 0)
    stale.push({
      path,
      line,
      kind: added.includes('pinned') && isUndocumented ? 'semantics-undocumented' : 'stale-documentation',
      message: isNew
        ? `${subject} has no comment`
        : `the comment on ${subject} does not say ${added.map(inWords).join(', nor ')}`,
      isMended: true,
    });
  if (updated.length > 0)
    stale.push({
      path,
      line,
      kind: 'stale-documentation',
      message: `the comment on ${subject} is of another dialect: it no longer holds ${updated.map(inWords).join(', nor ')}`,
      isMended: true,
    });
  for (const outcome of outcomes)
    if (outcome.kind === 'conflict')
      conflicts.push({ path, line: line + outcome.line, subject, theirs: outcome.theirs, ours: outcome.ours });
}

/** What each statement is about, for messages. */
const statementWords: Readonly<Record<string, string>> = {
  mandatory: 'that the callback is mandatory',
  pinned: 'what it means while the buffer is pinned',
  cannot: 'what an importer does that cannot follow',
  see: 'where the sequence is described',
  meaning: 'what the field means',
  'not-revocation': 'that a pinned buffer may still be revoked',
  'no-pin': 'what it means that the exporter has no pin',
  'after-revocation': 'that a pin outlives a revocation',
  'after-return': 'what the exporter must wait for',
  order: 'in which order, and under which lock',
  bounded: 'how soon importers have to unmap',
  refused: 'which importers may be refused',
  refuse: 'how to refuse importers that cannot be revoked',
  revocation: 'that a pinned buffer may still be revoked',
  optional: 'what leaving it out means',
};

function inWords(id: string): string {
  return statementWords[id] ?? id;
}

function subjectText({ subject }: DocumentedComment): string {
  return subject.kind === 'member' ? `${subject.struct}.${subject.name}` : `${subject.name}()`;
}

function staleName(text: string, name: StaleName, mended: boolean): Stale {
  return {
    path: name.path,
    line: lineOf(text, name.at),
    kind: 'stale-name-in-comment',
    message: sayStale(name),
    isMended: mended,
  };
}

function finish({ files }: Amendments, path: string, patch: PatchName, before: string, after: string): void {
  // Where all lines end as on Windows, ours do too.
  const written = /[^\r]\n/.test(before) ? after : after.replace(/\r?\n/g, '\r\n');
  if (written !== before) files.push({ path, before, after: written, patch });
}

/** 1-based line of an offset. */
export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}
