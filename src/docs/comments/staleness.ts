import { type StaleName, sayStale } from '../../contract/index.js';
import type { Conflict, Stale } from '../changes.js';
import type { Amended } from './amend.js';
import type { DocumentedComment } from './documented-comments.js';

/** Where a comment stands, and what it documents. */
interface CommentPlace {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** `dma_buf_pin()`, `dma_buf_ops.pin`. */
  readonly subject: string;
  /** The tree has no such comment yet. */
  readonly isNew: boolean;
  /** Nothing in the tree says what the callback means to pinned importers. */
  readonly isUndocumented: boolean;
}

/** What is stale in a comment that was amended: what it does not say, and what it says of another dialect. */
export function staleStatements({ outcomes }: Amended, place: CommentPlace): readonly Stale[] {
  const { path, line, subject, isNew, isUndocumented } = place;
  const stale = (kind: Stale['kind'], message: string): Stale => ({ path, line, kind, message, isMended: true });
  // A comment that is missing lacks all; one line says so.
  if (isNew && outcomes.some(({ kind }) => kind === 'added'))
    return [stale('stale-documentation', `${subject} has no comment`)];
  return outcomes.flatMap(({ kind, id, tells }) => {
    if (kind === 'added')
      return [
        stale(
          id === 'pinned' && isUndocumented ? 'semantics-undocumented' : 'stale-documentation',
          `the comment on ${subject} does not say ${tells}`,
        ),
      ];
    if (kind === 'updated')
      return [
        stale('stale-documentation', `the comment on ${subject} is of another dialect: it no longer holds ${tells}`),
      ];
    return [];
  });
}

/** The paragraphs of an amended comment that contradict what we would write. */
export function conflictsIn({ outcomes }: Amended, { path, line, subject }: CommentPlace): readonly Conflict[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === 'conflict'
      ? [{ path, line: line + outcome.line, subject, theirs: outcome.theirs, ours: outcome.ours }]
      : [],
  );
}

/** A name that the tree does not have any more, with its line in the text as it is. */
export function staleNameIn(text: string, name: StaleName, isMended: boolean): Stale {
  return {
    path: name.path,
    line: lineOf(text, name.at),
    kind: 'stale-name-in-comment',
    message: sayStale(name),
    isMended,
  };
}

/** The subject of a comment as messages name it: `dma_buf_pin()`, `dma_buf_ops.pin`. */
export function subjectText({ subject }: Pick<DocumentedComment, 'subject'>): string {
  if (subject.kind === 'section') return `DOC: ${subject.title}`;
  return subject.kind === 'member' ? `${subject.struct}.${subject.name}` : `${subject.name}()`;
}

/** The line, 1-based, of an offset. */
export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}
