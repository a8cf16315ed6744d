import type { Series, SeriesPatch } from '../../input/series/series.js';
import type { SourceTree } from '../../input/tree/tree.js';
import type { AddedSuppression } from '../change/added.js';
import { addedComments, honouring } from '../change/added-comments.js';
import { oldSuppressions, type SuppressionSide } from '../change/old-suppressions.js';
import { addedTreeSettings } from '../change/tree-settings.js';
import type { TreeFacts } from '../facts/tree-facts.js';
import type { Rule } from '../rule.js';
import type { Analyse } from './series.js';

/** A tree that was analysed. */
interface Analysed {
  readonly facts: TreeFacts;
  tree(): SourceTree;
}

/** Which suppression comments count while a series is judged: those of the trusted tree. */
export interface SeriesSuppressions {
  /** Goes on to the tree with this patch. */
  follow(patch: SeriesPatch): void;
  /** The facts of the present tree with all findings that only comments of the series suppress. */
  honour(analysed: Analysed): Promise<TreeFacts>;
}

/** @param start the tree that the first patch is applied to */
export function seriesSuppressions({ trusted }: Series, start: Analysed, analyse: Analyse): SeriesSuppressions {
  const renames = new Map<string, string>();
  const changed = new Set<string>();
  let side: Promise<SuppressionSide> | undefined;
  const open = async (): Promise<SuppressionSide> => {
    if (trusted.isBase) return sideOf(start);
    const { baseTree, baseIdentity } = await trusted.open();
    return sideOf({ facts: await analyse(baseTree, baseIdentity), tree: () => baseTree });
  };
  // What changed between another trusted tree and the first patch is not known.
  const isChanged = (path: string): boolean => !trusted.isBase || changed.has(path);
  return {
    follow({ changes }) {
      for (const { path, oldPath } of changes) {
        changed.add(path);
        if (oldPath === null) continue;
        changed.add(oldPath);
        renames.set(path, renames.get(oldPath) ?? oldPath);
        renames.delete(oldPath);
      }
    },
    async honour(analysed) {
      if (analysed.facts.suppressed.length === 0) return analysed.facts;
      side ??= open();
      return honouring(analysed.facts, oldSuppressions(await side, sideOf(analysed), { renames, isChanged }));
    },
  };
}

/** The suppression comments that a patch adds. */
export function commentsAddedBy(
  { changes }: SeriesPatch,
  before: Analysed,
  after: Analysed,
): readonly AddedSuppression[] {
  const changed = new Set(changes.flatMap(({ path, oldPath }) => [path, oldPath]));
  const isChanged = (path: string): boolean => changed.has(path);
  const old = oldSuppressions(sideOf(before), sideOf(after), { renames: renamesOf(changes), isChanged });
  return addedComments(after.facts, old);
}

/** What each patch adds to the configuration and the baseline of the tree. */
export async function settingsAddedBy(
  { baseText, queued, patches }: Series,
  rules: readonly Rule[],
): Promise<readonly (readonly AddedSuppression[])[]> {
  const all = [...queued, ...patches];
  const known = new Map<string, Promise<string | null>>();
  const ofBase = (path: string): Promise<string | null> => {
    const text = known.get(path) ?? baseText(path);
    known.set(path, text);
    return text;
  };
  const textAfter = async (count: number, path: string): Promise<string | null> => {
    for (const patch of all.slice(0, count).reverse()) {
      const text = await patch.textOf(path);
      if (text !== undefined) return text;
    }
    return await ofBase(path);
  };
  const added: (readonly AddedSuppression[])[] = [];
  for (const [index, { changes }] of patches.entries()) {
    const changed = new Set(changes.flatMap(({ path, oldPath }) => [path, oldPath]));
    const change = {
      before: (path: string) => textAfter(queued.length + index, path),
      after: (path: string) => textAfter(queued.length + index + 1, path),
      isChanged: (path: string) => changed.has(path),
      renames: renamesOf(changes),
    };
    added.push(await addedTreeSettings(change, rules));
  }
  return added;
}

function renamesOf(changes: SeriesPatch['changes']): ReadonlyMap<string, string> {
  return new Map(changes.flatMap(({ path, oldPath }) => (oldPath === null ? [] : [[path, oldPath]])));
}

function sideOf({ facts, tree }: Analysed): SuppressionSide {
  return { suppressions: facts.suppressions, textOf: (path) => tree().read(path) };
}
