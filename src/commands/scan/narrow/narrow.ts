import type { TreeFacts } from '../../../lint/facts/tree-facts.js';
import type { Finding, ScanOutcome } from '../../../lint/index.js';
import { isPathLeftOut } from '../../../program/paths.js';

/** Which places of a tree a scan shows. */
export type Shows = (file: string) => boolean;

/** What lies in some files and folders of a tree. @param paths from the top of the tree */
export function inPaths(paths: readonly string[]): Shows {
  return (file) => isPathLeftOut(file, paths);
}

/** Which findings to fix: all, or those in the files and folders that the user names. */
export function wantedIn(paths: readonly string[] | undefined): (finding: Pick<Finding, 'file'>) => boolean {
  return paths === undefined ? () => true : ({ file }) => isPathLeftOut(file, paths);
}

/** The part of an outcome that lies in some files. What is known of the rest has decided it, and is not shown. */
export function narrowed(outcome: ScanOutcome, shows: Shows): ScanOutcome {
  const isShown = ({ file }: { readonly file: string }): boolean => shows(file);
  const { facts, findings, known } = outcome;
  return {
    ...outcome,
    facts: narrowedFacts(facts, isShown),
    findings: findings.filter(isShown),
    ...(known
      ? {
          known: {
            ...known,
            unchanged: known.unchanged.filter(({ finding }) => isShown(finding)),
            fixed: known.fixed.filter(isShown),
          },
        }
      : {}),
  };
}

function narrowedFacts(facts: TreeFacts, isShown: (place: { readonly file: string }) => boolean): TreeFacts {
  const { inventory, callbackKinds } = facts;
  const importers = inventory.importers.map((importer, index) => ({ importer, kind: callbackKinds[index] ?? '' }));
  const shown = importers.filter(({ importer }) => isShown(importer));
  return {
    ...facts,
    inventory: {
      ...inventory,
      importers: shown.map(({ importer }) => importer),
      staticImporters: inventory.staticImporters.filter(isShown),
      exporters: inventory.exporters.filter(isShown),
    },
    callbackKinds: shown.map(({ kind }) => kind),
    findings: facts.findings.filter(isShown),
    suppressed: facts.suppressed.filter(({ finding }) => isShown(finding)),
    notAnalysed: facts.notAnalysed.filter(isShown),
  };
}

/** The findings of an outcome that pass a test; old ones, too. */
export function onlyFindings(outcome: ScanOutcome, isWanted: (finding: Finding) => boolean): ScanOutcome {
  const { findings, known } = outcome;
  const unchanged = known?.unchanged.filter(({ finding }) => isWanted(finding));
  return {
    ...outcome,
    findings: findings.filter(isWanted),
    ...(known && unchanged ? { known: { ...known, unchanged } } : {}),
  };
}
