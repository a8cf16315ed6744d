import { type DocComment, outlineFile } from '../../c/index.js';
import { type Contract, findDocumented, isPinnedDocumented, type StaleName, staleNames } from '../../contract/index.js';
import { dmaBufCore, dmaBufHeader } from '../../kernel/index.js';
import type { Conflict, FileChange, PatchName, Stale } from '../changes.js';
import { type DialectFacts, dialectFacts } from '../facts.js';
import { type Amended, amendComment } from './amend.js';
import { correctNames, correctWords } from './correct.js';
import { correctionsFor } from './corrections.js';
import { type DocumentedComment, documentedComments } from './documented-comments.js';
import { freshComment } from './fresh-comment.js';
import { columnsOf } from './refill.js';
import { conflictsIn, lineOf, staleNameIn, staleStatements, subjectText } from './staleness.js';
import { statementsOf } from './statements.js';

/** The changes to existing comments and documents, and what they mend. */
interface Amendments {
  readonly files: readonly FileChange[];
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
}

/** A file with kernel-doc comments. */
interface Source {
  readonly contract: Contract;
  readonly facts: DialectFacts;
  readonly path: string;
  /** Its text as the tree has it. */
  readonly before: string;
}

/**
 * Plans what to change in the kernel-doc comments of header and core, and which names to correct in Documentation/.
 * @returns also, as `missing`, the functions and members that neither header nor core has
 */
export function amendFiles(contract: Contract): Amendments & { readonly missing: readonly string[] } {
  const facts = dialectFacts(contract);
  const names = [...staleNames(contract)];
  const namesIn = (path: string): readonly StaleName[] => names.filter((name) => name.path === path);
  const all = [
    ...([dmaBufHeader, dmaBufCore] as const).map((path) => {
      const before = contract.codebase.program.file(path)?.text;
      return before === undefined ? nothing : amendSource({ contract, facts, path, before }, namesIn(path));
    }),
    ...contract.documents.map(({ path, text }) => amendDocument(path, text, namesIn(path))),
  ];
  return {
    files: all.flatMap(({ files }) => files),
    stale: all.flatMap(({ stale }) => stale),
    conflicts: all.flatMap(({ conflicts }) => conflicts),
    missing: documentedComments(facts)
      .filter(({ subject, isOptional }) => !isOptional && !findDocumented(contract, subject))
      .map(subjectText),
  };
}

const nothing: Amendments = { files: [], stale: [], conflicts: [] };

/** In Documentation/ only names are corrected. */
function amendDocument(path: string, text: string, names: readonly StaleName[]): Amendments {
  return {
    files: fileChanges(path, [text, correctNames(text, names).text], ['names']),
    stale: names.map((name) => staleNameIn(text, name, true)),
    conflicts: [],
  };
}

function amendSource(source: Source, names: readonly StaleName[]): Amendments {
  const { contract, facts, path, before } = source;
  const named = correctNames(before, names);
  const worded = correctWords(named.text, correctionsFor(contract, facts, path));
  const comments = amendComments(source, worded.text);
  // A member that is gone has no other name: correcting the sentence around it removes the name.
  const isMended = ({ name, instead }: StaleName): boolean => instead !== null || !worded.text.includes(name);
  return {
    files: fileChanges(
      path,
      [before, worded.text, comments.text],
      ['corrections', path === dmaBufHeader ? 'header' : 'core'],
    ),
    stale: [
      ...names.map((name) => staleNameIn(before, name, isMended(name))),
      ...worded.done.map(({ at, what }) => ({
        path,
        line: lineOf(named.text, at),
        kind: 'stale-documentation' as const,
        message: `the comment is out of date: ${what}`,
        isMended: true,
      })),
      ...comments.stale,
    ],
    conflicts: comments.conflicts,
  };
}

/** Adds to the comments of a file what they do not say; `text` is the file after names and words were corrected. */
function amendComments(source: Source, text: string): Omit<Amendments, 'files'> & { readonly text: string } {
  const { contract, facts, path } = source;
  const isUndocumented = !isPinnedDocumented(contract);
  const inText = { ...contract, codebase: withText(contract, path, text) };
  const amended = documentedComments(facts).flatMap((comment) => {
    const place = findDocumented(inText, comment.subject);
    if (place?.path !== path) return [];
    const isNew = place.comment === null;
    const { doc, after } = place.comment ? { doc: place.comment, after: '' } : freshComment(text, place, comment);
    const result = amendOne(doc, comment, facts, isNew);
    const where = { path, line: lineBefore(source, comment), subject: subjectText(comment), isNew, isUndocumented };
    return [{ doc, after, result, where }];
  });
  return {
    text: amended
      .flatMap(({ doc, after, result }) =>
        result.comment === null ? [] : [{ start: doc.start, end: doc.end, text: result.comment + after }],
      )
      .sort((left, right) => right.start - left.start)
      .reduce((current, edit) => current.slice(0, edit.start) + edit.text + current.slice(edit.end), text),
    stale: amended.flatMap(({ result, where }) => staleStatements(result, where)),
    conflicts: amended.flatMap(({ result, where }) => conflictsIn(result, where)),
  };
}

function amendOne(doc: DocComment, comment: DocumentedComment, facts: DialectFacts, isNew: boolean): Amended {
  const width = 80 - columnsOf(doc.indent) - ' * '.length;
  const { current, former } = statementsOf(comment, facts, width);
  // The title of a new comment is ours; it must not count as a statement that somebody made.
  const unsaid = { said: (): boolean => false, denied: (): boolean => false };
  return amendComment(doc, isNew ? current.map((each) => ({ ...each, recogniser: unsaid })) : current, former);
}

/** The line of a comment, or else of its declaration, in the file as the tree has it. */
function lineBefore({ contract, before }: Source, { subject }: DocumentedComment): number {
  const original = findDocumented(contract, subject);
  return lineOf(before, original?.comment?.start ?? original?.at ?? 0);
}

/** The codebase with another text of one file. */
function withText({ codebase }: Contract, path: string, text: string): Contract['codebase'] {
  const { program } = codebase;
  const file = outlineFile(path, text, program.attributes);
  return { ...codebase, program: { ...program, file: (asked) => (asked === path ? file : program.file(asked)) } };
}

/**
 * The steps from one text of a file to the last.
 * @param texts the text as the tree has it, then the text after each patch
 */
function fileChanges(path: string, texts: readonly string[], patches: readonly PatchName[]): readonly FileChange[] {
  const [first = ''] = texts;
  // If every line ends in CR LF, new lines do too.
  const written = texts.map((text) => (/[^\r]\n/.test(first) ? text : text.replace(/\r?\n/g, '\r\n')));
  return patches.flatMap((patch, index) => {
    const [before = '', after = ''] = written.slice(index, index + 2);
    return before === after ? [] : [{ path, before, after, patch }];
  });
}
