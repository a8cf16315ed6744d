import type { TreeFacts } from '../facts/tree-facts.js';
import type { Finding } from '../finding.js';
import type { JudgedSeries } from './series.js';

/** The findings that a patch took away: those that it fixed, and those that nobody can judge any more. */
export interface Gone {
  readonly fixed: readonly Finding[];
  readonly unjudged: readonly Finding[];
}

/**
 * Tells findings that a patch fixed from those that are gone only since the analysis lost sight: the importer is unknown
 * now, or its file uses a name of the API which the tree no longer has. A rename that overlooks a driver fixes nothing in it.
 */
export function withoutUnjudged(gone: readonly Finding[], before: TreeFacts, after: TreeFacts): Gone {
  const lost = lostImporters(before, after);
  const files = filesWithUnknownNames(before, after);
  const isUnjudged = ({ file, mark }: Finding): boolean => lost.has(importerKey(file, mark.subject)) || files.has(file);
  return { fixed: gone.filter((finding) => !isUnjudged(finding)), unjudged: gone.filter(isUnjudged) };
}

/** Whether a tree uses no unknown name in the file of a finding, and knows the importer that it is about. */
export function canBeJudged({ file, mark }: Finding, { unknownUses, inventory }: TreeFacts): boolean {
  return (
    !unknownUses.some((use) => use.file === file) &&
    !inventory.importers.some((one) => one.status === 'unknown' && one.file === file && one.ops === mark.subject)
  );
}

/**
 * The files of which nothing can be said at the end of a series, each with the reason: they use a name that the tree no
 * longer has, the patch does not apply to them, or they are new among what could not be analysed.
 */
export function unjudgedFiles({ start, end, patches }: JudgedSeries): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!start || !end) return found;
  const known = new Set(start.notAnalysed.map(({ file }) => file));
  for (const { file, function: name, reason } of end.notAnalysed)
    if (name === null && !known.has(file)) found.set(file, reason);
  for (const { patch } of patches)
    for (const { path } of patch.failures) found.set(path, `patch ${patch.number} does not apply to it`);
  for (const { file, name, kind } of newUnknownUses(start, end))
    found.set(
      file,
      `${file} uses ${kind === 'function' ? `${name}()` : `'.${name}'`}, which this tree does not have, and does not build`,
    );
  return found;
}

function lostImporters(before: TreeFacts, after: TreeFacts): ReadonlySet<string> {
  const unknown = ({ inventory }: TreeFacts): readonly string[] =>
    inventory.importers.filter(({ status }) => status === 'unknown').map(({ file, ops }) => importerKey(file, ops));
  const known = new Set(unknown(before));
  return new Set(unknown(after).filter((key) => !known.has(key)));
}

function importerKey(file: string, ops: string): string {
  return `${file}\0${ops}`;
}

function filesWithUnknownNames(before: TreeFacts, after: TreeFacts): ReadonlySet<string> {
  return new Set(newUnknownUses(before, after).map(({ file }) => file));
}

function newUnknownUses(before: TreeFacts, after: TreeFacts): TreeFacts['unknownUses'] {
  const known = new Set(before.unknownUses.map(({ file, name }) => `${file}\0${name}`));
  return after.unknownUses.filter(({ file, name }) => !known.has(`${file}\0${name}`));
}
