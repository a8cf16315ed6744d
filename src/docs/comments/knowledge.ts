import { type DocumentedSubject, deniesPinned, revocationWords, saysPinned } from '../../contract/index.js';
import { exporterOpsTag, functionWithRole, importerOpsTag } from '../../kernel/index.js';
import type { DialectFacts } from '../facts.js';

/** How to recognise a statement in words that are not ours. */
export interface Recogniser {
  /** Whether the comment makes the statement already: `all` is its text, `blocks` its paragraphs. */
  readonly said?: (all: string, blocks: readonly string[]) => boolean;
  /** Whether a paragraph says the opposite. */
  readonly denied?: (block: string) => boolean;
  /** The statement goes before the other paragraphs. */
  readonly comesFirst?: boolean;
  /** Another statement; only if the comment makes that in words that are not ours, this one is needed too. */
  readonly completes?: string;
}

/** A kernel-doc comment that documents part of the contract. */
export interface DocumentedComment {
  readonly subject: DocumentedSubject;
  /** The text below semantics/ that holds its statements, by name. */
  readonly source: string;
  /** The title of the comment, for a tree that has none. */
  readonly brief: string;
  /** What the function returns, for such a tree. */
  readonly returns?: string;
  readonly statements: Readonly<Record<string, Recogniser>>;
}

/** Whether one paragraph matches all patterns. */
function together(...patterns: readonly RegExp[]): NonNullable<Recogniser['said']> {
  return (_all, blocks) => blocks.some((block) => patterns.every((pattern) => pattern.test(block)));
}

/** Whether the comment as a whole matches all patterns. */
function anywhere(...patterns: readonly RegExp[]): NonNullable<Recogniser['said']> {
  return (all) => patterns.every((pattern) => pattern.test(all));
}

const cannotFollow =
  /can\s?not|can't|unable|no way|without|leav|omit|lack|not (?:support|provide|implement|revocable)/i;
const pins = /\bpin(?:s|ned|ning)?\b/i;

/** Recognises a mention of how an exporter asks, or that it cannot ask, whether an importer can be revoked. */
function asking({ check, marker }: DialectFacts): RegExp {
  return new RegExp([check, marker?.field].filter(Boolean).join('|') || 'no way|cannot (?:tell|ask|refuse)');
}

function member(struct: string, name: string): DocumentedSubject {
  return { kind: 'member', struct, name };
}

/** The comments of one dialect, in the order of their files. */
export function documentedComments(facts: DialectFacts): readonly DocumentedComment[] {
  return [...exporterComments(facts), ...importerComments(facts), ...functionComments(facts)];
}

function exporterComments(facts: DialectFacts): readonly DocumentedComment[] {
  return [
    {
      subject: member(exporterOpsTag, 'attach'),
      source: 'exporter-attach',
      brief: 'check whether a device can use the buffer',
      statements: { refuse: { said: together(asking(facts)), denied: deniesPinned } },
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
  ];
}

function importerComments(facts: DialectFacts): readonly DocumentedComment[] {
  const { callback, marker } = facts;
  const asks = asking(facts);
  return [
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
              (block) => asks.test(block) || (pins.test(block) && cannotFollow.test(block) && saysPinned(block)),
            ),
        },
        see: { said: anywhere(callOf(facts.notify)) },
      },
    },
  ];
}

function functionComments(facts: DialectFacts): readonly DocumentedComment[] {
  const asks = asking(facts);
  const notifies = callOf(facts.notify);
  return [
    {
      subject: { kind: 'function', name: functionWithRole('dynamic-attach') },
      source: 'dynamic-attach',
      brief: "add a device to a dma-buf's attachments",
      returns: 'the attachment, or a negative error code wrapped into a pointer',
      statements: { refused: { said: together(asks) } },
    },
    {
      subject: { kind: 'function', name: functionWithRole('pin') },
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
      subject: { kind: 'function', name: functionWithRole('unpin') },
      source: 'unpin',
      brief: 'drop a pin',
      statements: { 'after-revocation': { said: together(/\brevo[ck]/i) } },
    },
    {
      subject: { kind: 'function', name: facts.notify },
      source: 'notify',
      brief: 'notify attachments of a move or revocation',
      statements: {
        pinned: { said: (_all, blocks) => blocks.some(saysPinned), denied: deniesPinned },
        'after-return': { said: anywhere(/\bwait/i, /\bfences?\b/i, /\bunmap/i) },
        order: { said: anywhere(/BOOKKEEP|\bnew mappings? (?:must )?fail/i), completes: 'after-return' },
        bounded: { said: anywhere(/bounded time/i) },
        cannot: {
          said: (all, blocks) => asks.test(all) || blocks.some((block) => pins.test(block) && cannotFollow.test(block)),
        },
      },
    },
  ];
}

function callOf(name: string): RegExp {
  return new RegExp(`\\b${name}\\(\\)`);
}

/** What each statement says, for messages: the comment `does not say ...`. */
export const statementWords: Readonly<Record<string, string>> = {
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
