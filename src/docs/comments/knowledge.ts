import {
  type DocumentedSubject,
  deniesPinned,
  dynamicAttach,
  exporterOpsTag,
  importerOpsTag,
  pinFunction,
  revocationWords,
  saysPinned,
  unpinFunction,
} from '../../contract/index.js';
import type { DialectFacts } from '../facts.js';

/** How a statement of ours is known in words that are not ours. */
export interface Recogniser {
  /** Whether the comment says it already; `all` is the whole comment, `block` one paragraph of it. */
  readonly said?: (all: string, blocks: readonly string[]) => boolean;
  /** Whether a paragraph says the opposite. */
  readonly denied?: (block: string) => boolean;
  /** It stands before the other paragraphs. */
  readonly comesFirst?: boolean;
  /** It is only needed where another statement stands there in words that are not ours. */
  readonly completes?: string;
}

/** A comment that the contract is documented in. */
export interface DocumentedComment {
  readonly subject: DocumentedSubject;
  /** Its statements: a text below semantics/. */
  readonly source: string;
  /** What it is in short, for where there is no comment at all. */
  readonly brief: string;
  /** What the function returns, for the same. */
  readonly returns?: string;
  readonly statements: Readonly<Record<string, Recogniser>>;
}

/** In one paragraph, all of them. */
function together(...patterns: readonly RegExp[]): NonNullable<Recogniser['said']> {
  return (_all, blocks) => blocks.some((block) => patterns.every((pattern) => pattern.test(block)));
}

/** In the comment, all of them. */
function anywhere(...patterns: readonly RegExp[]): NonNullable<Recogniser['said']> {
  return (all) => patterns.every((pattern) => pattern.test(all));
}

const cannotFollow =
  /can\s?not|can't|unable|no way|without|leav|omit|lack|not (?:support|provide|implement|revocable)/i;
const pins = /\bpin(?:s|ned|ning)?\b/i;

/** The comments of one dialect, in the order of their files. */
export function documentedComments(facts: DialectFacts): readonly DocumentedComment[] {
  const { callback, notify, check, marker } = facts;
  const told = new RegExp([check, marker?.field].filter(Boolean).join('|') || 'no way|cannot (?:tell|ask|refuse)');
  const notifies = new RegExp(`\\b${notify}\\(\\)`);
  const member = (struct: string, name: string): DocumentedSubject => ({ kind: 'member', struct, name });
  return [
    {
      subject: member(exporterOpsTag, 'attach'),
      source: 'exporter-attach',
      brief: 'check whether a device can use the buffer',
      statements: { refuse: { said: together(told), denied: deniesPinned } },
    },
    {
      subject: member(exporterOpsTag, 'pin'),
      source: 'exporter-pin',
      brief: 'keep the memory where it is',
      statements: {
        revocation: { said: together(revocationWords), denied: deniesPinned },
        optional: { said: together(/EOPNOTSUPP|never moves|\boptional\b|Without (?:it|them|this)/i) },
      },
    },
    ...(marker
      ? [
          {
            subject: member(importerOpsTag, marker.field),
            source: 'marker',
            brief: `whether the importer can follow @${callback} while it pins the buffer`,
            statements: { meaning: { said: together(/pin|revo[ck]|invalidat/i) } },
          },
        ]
      : []),
    {
      subject: member(importerOpsTag, callback),
      source: 'callback',
      brief: 'notification of a move or revocation',
      statements: {
        mandatory: { said: anywhere(/mandatory|required\]|-EINVAL/), comesFirst: true },
        pinned: { said: (_all, blocks) => blocks.some(saysPinned), denied: deniesPinned },
        cannot: {
          said: (_all, blocks) =>
            blocks.some(
              (block) => told.test(block) || (pins.test(block) && cannotFollow.test(block) && saysPinned(block)),
            ),
        },
        see: { said: anywhere(notifies) },
      },
    },
    {
      subject: { kind: 'function', name: dynamicAttach },
      source: 'dynamic-attach',
      brief: "add a device to a dma-buf's attachments",
      returns: 'the attachment, or a negative error code wrapped into a pointer',
      statements: { refused: { said: together(told) } },
    },
    {
      subject: { kind: 'function', name: pinFunction },
      source: 'pin',
      brief: 'keep the memory of an attachment where it is',
      returns: '0 on success, negative error code on failure',
      statements: {
        'not-revocation': {
          said: (all, blocks) => notifies.test(all) || blocks.some(saysPinned) || /\brevo[ck]/i.test(all),
          denied: deniesPinned,
        },
        'no-pin': { said: together(/dma_buf_ops\.pin/) },
      },
    },
    {
      subject: { kind: 'function', name: unpinFunction },
      source: 'unpin',
      brief: 'drop a pin',
      statements: { 'after-revocation': { said: together(/\brevo[ck]/i) } },
    },
    {
      subject: { kind: 'function', name: notify },
      source: 'notify',
      brief: 'notify attachments of a move or revocation',
      statements: {
        pinned: { said: (_all, blocks) => blocks.some(saysPinned), denied: deniesPinned },
        'after-return': { said: anywhere(/\bwait/i, /\bfences?\b/i, /\bunmap/i) },
        order: { said: anywhere(/BOOKKEEP|\bnew mappings? (?:must )?fail/i), completes: 'after-return' },
        bounded: { said: anywhere(/bounded time/i) },
        cannot: {
          said: (all, blocks) => told.test(all) || blocks.some((block) => pins.test(block) && cannotFollow.test(block)),
        },
      },
    },
  ];
}

/** What the parameters of the documented functions are, for a comment that has to be written anew. */
export const parameterWords: Readonly<Record<string, string>> = {
  dmabuf: '[in] the buffer',
  dma_buf: '[in] the buffer',
  attach: '[in] the attachment',
  attachment: '[in] the attachment',
  dev: '[in] device to be attached',
  importer_ops: '[in] importer operations for the attachment',
  importer_priv: '[in] importer private pointer for the attachment',
};
