import { ownValue } from '../../base/own-value.js';
import { type DocComment, readDocComment, writeDocComment } from '../../c/index.js';
import type { DocumentedPlace } from '../../contract/index.js';
import type { DocumentedComment } from './documented-comments.js';

/** A comment that the tree does not have yet. */
export interface FreshComment {
  /** An empty range before the declaration. */
  readonly doc: DocComment;
  /** What separates the comment from the declaration. */
  readonly after: string;
}

/**
 * Begins a comment for a declaration without one: its title, its parameters, what it returns.
 * @param text the file that holds the declaration
 */
export function freshComment(
  text: string,
  { at, parameters }: DocumentedPlace,
  { subject, brief, returns }: DocumentedComment,
): FreshComment {
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const title =
    subject.kind === 'member'
      ? `@${subject.name}: ${brief}`
      : subject.kind === 'section'
        ? `DOC: ${subject.title}`
        : `${subject.name} - ${brief}`;
  const lines = [
    title,
    ...parameters.map((name) => `@${name}: ${ownValue(parameterWords, name) ?? 'see the declaration'}`),
  ];
  if (returns) lines.push('', `Returns: ${returns}`);
  const written = writeDocComment(indent, lines);
  const doc = readDocComment(`${indent}${written}`, indent.length, indent.length + written.length);
  if (!doc) throw new Error(`no comment: ${written}`);
  return { doc: { ...doc, start: at, end: at, indent }, after: `\n${indent}` };
}

/** What the parameters of the documented functions are. */
const parameterWords: Readonly<Record<string, string>> = {
  dmabuf: '[in] the buffer',
  dma_buf: '[in] the buffer',
  attach: '[in] the attachment',
  attachment: '[in] the attachment',
  dev: '[in] device to be attached',
  importer_ops: '[in] importer operations for the attachment',
  importer_priv: '[in] importer private pointer for the attachment',
};
