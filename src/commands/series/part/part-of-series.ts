import type { Series, SeriesPatch } from '../../../input/series/series.js';
import { partOfTree } from '../../../input/tree/part.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import type { Reach } from './reach.js';

type Part = Extract<Reach, { kind: 'part' }>;

/** What identifies a part of a tree that is identified by a text, if it is. What is kept of a part is never taken for the whole. */
export function identityOfPart(identity: string | null, { folders }: Part): string | null {
  return identity === null ? null : `part ${identity} ${folders.join(' ')}`;
}

/** A series on a part of its tree. */
export function partOfSeries(series: Series, part: Part): Series {
  const { isPart } = part;
  const identityOf = (identity: string | null): string | null => identityOfPart(identity, part);
  const ofTree = (baseTree: SourceTree, baseIdentity: string | null) => ({
    baseTree: partOfTree(baseTree, isPart),
    baseIdentity: identityOf(baseIdentity),
  });
  const ofPatch = (patch: SeriesPatch): SeriesPatch => ({ ...patch, identity: identityOf(patch.identity) });
  const { trusted } = series;
  return {
    ...series,
    ...ofTree(series.baseTree, series.baseIdentity),
    trusted: {
      ...trusted,
      async open() {
        const { baseTree, baseIdentity } = await trusted.open();
        return ofTree(baseTree, baseIdentity);
      },
    },
    queued: series.queued.map(ofPatch),
    patches: series.patches.map(ofPatch),
  };
}
