import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { DialectFacts } from '../../docs/facts.js';

const file = 'rewordings.yaml';

/** The dialects whose statements are reworded. */
export type RewordedDialect = 'now' | 'old' | 'marker';

const old: DialectFacts = {
  callback: 'move_notify',
  notify: 'dma_buf_move_notify',
  check: null,
  marker: null,
  isRequired: true,
  corePins: 'attach',
  cachesAtAttach: true,
  pinsWithoutConfig: true,
  hasMappingTypes: false,
  usage: 'DMA_RESV_USAGE_BOOKKEEP',
  wait: 'dma_resv_wait_timeout',
};

/** What each dialect is: that of Linux 6.12, that of 7.3, and one with a marker field. */
export const dialects: Readonly<Record<RewordedDialect, DialectFacts>> = {
  old,
  now: {
    ...old,
    callback: 'invalidate_mappings',
    notify: 'dma_buf_invalidate_mappings',
    check: 'dma_buf_attach_revocable',
    isRequired: false,
    corePins: 'map',
    cachesAtAttach: false,
    pinsWithoutConfig: false,
  },
  marker: { ...old, marker: { field: 'cannot_revoke', setMeansCannot: true } },
};

/**
 * Statements in five other words each. They were written by somebody who did not know how they are recognised, but for
 * `early` and those of `match_mapping`; of some statements our own text has changed since.
 * @returns by dialect, and by `<subject> / <statement>`; a blank line parts paragraphs
 */
export function readRewordings(): Readonly<Record<RewordedDialect, Readonly<Record<string, readonly string[]>>>> {
  // This file runs from dist/src/dev/docs.
  return parse(readFileSync(new URL(`../../../../src/dev/docs/${file}`, import.meta.url), 'utf8'));
}
