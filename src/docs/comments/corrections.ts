import type { Contract } from '../../contract/index.js';
import { dmaBufCore, dmaBufHeader, exporterOpsTag } from '../../kernel/index.js';
import type { DialectFacts } from '../facts.js';

/** Words of a comment that are wrong in a tree. */
export interface Correction {
  /** The subject of the comment, as kernel-doc writes it; null for any comment of the file. */
  readonly subject: string | null;
  /** A blank stands for any white space, also for the end of a comment's line. */
  readonly find: RegExp;
  readonly replace: string;
  /** Null if the words hold a stale name, which is reported as such. */
  readonly why: string | null;
}

/** A correction that some dialects need. */
interface PossibleCorrection extends Omit<Correction, 'subject'> {
  readonly path: string;
  readonly subject: ((facts: DialectFacts) => string) | null;
  readonly applies: (tree: TreeFacts) => boolean;
}

interface TreeFacts extends Pick<DialectFacts, 'isRequired' | 'corePins'> {
  has(struct: string, member: string): boolean;
  /** The core has the comment `DOC: locking convention`. */
  readonly hasConvention: boolean;
}

/** The corrections that a file of a tree needs. */
export function correctionsFor(
  { dialect, codebase }: Contract,
  facts: DialectFacts,
  path: string,
): readonly Correction[] {
  const tree: TreeFacts = {
    ...facts,
    has: (struct, member) => dialect.members.get(struct)?.has(member) ?? false,
    hasConvention: codebase.program.peek(dmaBufCore)?.includes('DOC: locking convention') ?? false,
  };
  return corrections
    .filter((each) => each.path === path && each.applies(tree))
    .map(({ subject, find, replace, why }) => ({ subject: subject?.(facts) ?? null, find, replace, why }));
}

const callback = (facts: DialectFacts): string => `@${facts.callback}`;
const notify = (facts: DialectFacts): string => facts.notify;
const pin = (): string => '@pin';

/** Source: the history of include/linux/dma-buf.h and drivers/dma-buf/dma-buf.c. */
const corrections: readonly PossibleCorrection[] = [
  {
    path: dmaBufHeader,
    subject: callback,
    applies: ({ isRequired }) => isRequired,
    find: /\[optional\] /,
    replace: '',
    why: 'the callback is not optional',
  },
  {
    path: dmaBufHeader,
    subject: callback,
    applies: ({ isRequired }) => !isRequired,
    find: /\[(?:required|mandatory)\] /,
    replace: '[optional] ',
    why: 'the callback is optional',
  },
  {
    path: dmaBufHeader,
    subject: callback,
    applies: () => true,
    find: /notification that the DMA-buf is moving/,
    replace: 'notification of a move or revocation',
    why: 'it is also called to revoke the memory',
  },
  {
    path: dmaBufCore,
    subject: notify,
    applies: () => true,
    find: /notify attachments that DMA-buf is moving/,
    replace: 'notify attachments of a move or revocation',
    why: 'it is also called to revoke the memory',
  },
  {
    path: dmaBufHeader,
    subject: pin,
    applies: ({ corePins }) => corePins === 'map',
    find: /(called automatically for non-dynamic importers from) dma_buf_attach\(\)/,
    replace: '$1 dma_buf_map_attachment()',
    why: 'the core pins when an importer maps, not when it attaches',
  },
  {
    path: dmaBufHeader,
    subject: null,
    applies: ({ has }) => !has(exporterOpsTag, 'cache_sgt_mapping'),
    find: / and is mutual(?:ly)? exclusive with @cache_sgt_mapping/,
    replace: '',
    why: null,
  },
  {
    path: dmaBufHeader,
    subject: null,
    applies: ({ has, hasConvention }) => !has(exporterOpsTag, 'dynamic_mapping') && hasConvention,
    find: / when the dynamic_mapping flag is true/,
    replace: '',
    why: null,
  },
  {
    path: dmaBufHeader,
    subject: null,
    applies: ({ has, hasConvention }) => !has(exporterOpsTag, 'dynamic_mapping') && !hasConvention,
    find: / when the dynamic_mapping flag is true/,
    replace: ' when the exporter has a @pin callback',
    why: null,
  },
  {
    path: dmaBufCore,
    subject: null,
    applies: ({ has }) => !has('dma_buf', 'lock'),
    find: /is provided by taking the &dma_buf\.lock mutex/,
    replace: 'is provided by the reservation lock, &dma_buf.resv',
    why: null,
  },
];
