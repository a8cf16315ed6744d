import { dmaBufCore, dmaBufHeader } from '../../contract/index.js';
import type { DialectFacts } from '../facts.js';

/** Words that were right once. */
export interface Correction {
  readonly path: string;
  /** In the comment on this; null for anywhere in the file's comments. */
  readonly subject: string | null;
  readonly applies: (
    facts: DialectFacts,
    has: (struct: string, member: string) => boolean,
    hasConvention: boolean,
  ) => boolean;
  readonly find: RegExp;
  readonly replace: string;
  /** Null where what is wrong is a stale name, which is reported as such. */
  readonly why: string | null;
}

/** Source: the history of include/linux/dma-buf.h and drivers/dma-buf/dma-buf.c. White space in `find` stands for any. */
export const corrections: readonly Correction[] = [
  {
    path: dmaBufHeader,
    subject: '@callback',
    applies: ({ isRequired }) => isRequired,
    find: /\[optional\] /,
    replace: '',
    why: 'the callback is not optional',
  },
  {
    path: dmaBufHeader,
    subject: '@callback',
    applies: ({ isRequired }) => !isRequired,
    find: /\[(?:required|mandatory)\] /,
    replace: '[optional] ',
    why: 'the callback is optional',
  },
  {
    path: dmaBufHeader,
    subject: '@callback',
    applies: () => true,
    find: /notification that the DMA-buf is moving/,
    replace: 'notification of a move or revocation',
    why: 'it is also called to revoke the memory',
  },
  {
    path: dmaBufCore,
    subject: 'notify',
    applies: () => true,
    find: /notify attachments that DMA-buf is moving/,
    replace: 'notify attachments of a move or revocation',
    why: 'it is also called to revoke the memory',
  },
  {
    path: dmaBufHeader,
    subject: '@pin',
    applies: ({ corePins }) => corePins === 'map',
    find: /(called automatically for non-dynamic importers from) dma_buf_attach\(\)/,
    replace: '$1 dma_buf_map_attachment()',
    why: 'the core pins when an importer maps, not when it attaches',
  },
  {
    path: dmaBufHeader,
    subject: null,
    applies: (_facts, has) => !has('dma_buf_ops', 'cache_sgt_mapping'),
    find: / and is mutual(?:ly)? exclusive with @cache_sgt_mapping/,
    replace: '',
    why: null,
  },
  {
    path: dmaBufHeader,
    subject: null,
    applies: (_facts, has, hasConvention) => !has('dma_buf_ops', 'dynamic_mapping') && hasConvention,
    find: / when the dynamic_mapping flag is true/,
    replace: '',
    why: null,
  },
  {
    path: dmaBufHeader,
    subject: null,
    applies: (_facts, has, hasConvention) => !has('dma_buf_ops', 'dynamic_mapping') && !hasConvention,
    find: / when the dynamic_mapping flag is true/,
    replace: ' when the exporter has a @pin callback',
    why: null,
  },
  {
    path: dmaBufCore,
    subject: null,
    applies: (_facts, has) => !has('dma_buf', 'lock'),
    find: /is provided by taking the &dma_buf\.lock mutex/,
    replace: 'is provided by the reservation lock, &dma_buf.resv',
    why: null,
  },
];
