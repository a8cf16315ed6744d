import { type DocumentedSubject, deniesPinned } from '../../contract/index.js';
import { type DialectFacts, dialectSubstitutes } from '../facts.js';
import { passagesIn, readPhrase } from './phrase.js';
import { type CommentText, commentTexts, type StatementText, vocabulary } from './semantics.js';

/** A kernel-doc comment that documents part of the contract in one dialect. */
export interface DocumentedComment extends Omit<CommentText, 'subject' | 'file' | 'corrections'> {
  readonly subject: DocumentedSubject;
}

/** How to recognise a statement in words that are not ours. */
export interface Recogniser {
  /** Whether the paragraphs of a comment make the statement already. */
  readonly said: (blocks: readonly string[]) => boolean;
  /** Whether a paragraph says the opposite. */
  readonly denied: (block: string) => boolean;
}

/** The comments of one dialect, in the order of their folders. */
export function documentedComments(facts: DialectFacts): readonly DocumentedComment[] {
  return commentTexts().flatMap((comment) => {
    const subject = comment.subject === null ? undefined : subjectOf(comment.subject, facts);
    return subject ? [{ ...comment, subject, brief: named(comment.brief, facts) }] : [];
  });
}

/** Words with the names of a dialect; a name that it does not have stays in its braces. */
export function named(words: string, facts: DialectFacts): string {
  const { names } = dialectSubstitutes(facts);
  return words.replace(/\{([a-z-]+)\}/g, (braced, name: string) => names.get(name) ?? braced);
}

/**
 * The subject that our texts write `dma_buf_pin()`, `dma_buf_ops.pin` or `DOC: locking convention`.
 * @returns undefined where the dialect has no such name
 */
function subjectOf(written: string, facts: DialectFacts): DocumentedSubject | undefined {
  const words = named(written, facts);
  if (words.includes('{')) return undefined;
  if (words.startsWith('DOC: ')) return { kind: 'section', title: words.slice('DOC: '.length) };
  const [struct = '', name] = words.replace(/\(\)$/, '').split('.');
  return name === undefined ? { kind: 'function', name: struct } : { kind: 'member', struct, name };
}

/** Recognises a statement in a dialect. */
export function recogniserOf({ said, isDenied }: StatementText, facts: DialectFacts): Recogniser {
  const { names } = dialectSubstitutes(facts);
  const ways = said.flatMap((phrases) => {
    const read = phrases.map((phrase) => readPhrase(phrase, names, vocabulary()));
    return read.every((phrase) => phrase !== undefined) ? [read] : [];
  });
  const denied = isDenied ? deniesPinned : (): boolean => false;
  return {
    said: (blocks) => {
      const passages = blocks.flatMap(passagesIn).filter((passage) => !denied(passage));
      return ways.some((phrases) => phrases.every((phrase) => passages.some(phrase)));
    },
    denied,
  };
}
