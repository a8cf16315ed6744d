import { rules } from '../../../rules/index.js';
import { inventoryOf, toldInNames } from '../../contract/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { type Config, fixFindings, type Result, withoutKnown } from '../../lint/index.js';
import { createUnitStore, type UnitStore } from '../../program/index.js';
import { findConfig } from '../cli/config.js';
import { siftBaseline, wantedBaseline } from '../scan/only-new.js';
import type { Engine, Extent, Outcome } from './messages.js';
import { createNearEngine } from './near-engine.js';

/** Creates an engine for a whole kernel tree, or for the edited files with their neighbours. */
export function createEngine(root: string, extent: Extent): Engine {
  return extent === 'tree' ? createTreeEngine(root) : createNearEngine(root);
}

/** Reads the whole tree once. What an edit does not touch is kept for the next analysis. */
function createTreeEngine(root: string): Engine {
  const units = createUnitStore();
  const texts = new Map<string, string | null>();
  let base: SourceTree | undefined;
  let last: { readonly tree: SourceTree; readonly result: Result } | undefined;
  return {
    async analyse(edited) {
      base ??= rememberingTree(openFolder(root));
      for (const [path, text] of edited) texts.set(path, text ?? base.read(path) ?? null);
      const origin = { tree: last?.tree ?? base, changed: edited.map(([path]) => path).sort() };
      const tree = overlayTree(base, new Map(texts), origin);
      const result = await lint(tree, root, units);
      // The next tree is compared with this one, and this one only with the base: so no earlier tree stays in memory.
      origin.tree = base;
      origin.changed = [...texts.keys()].sort();
      last = { tree, result };
      return outcomeOf(result, 'tree');
    },
    async fix(fingerprint) {
      const finding = last?.result.findings.find((one) => one.fingerprint === fingerprint);
      if (!last || !finding) return { kind: 'none', because: 'the finding is gone' };
      const { tree, result } = last;
      const { fixed, unfixed, files } = await fixFindings(tree, result, (changed) => lint(changed, root, units), {
        isWanted: (one) => one === finding,
      });
      const [made] = fixed;
      return made
        ? { kind: 'fix', title: made.fix.title, files: [...files] }
        : { kind: 'none', because: unfixed[0]?.because ?? 'there is no fix for it' };
    },
  };
}

async function lint(tree: SourceTree, root: string, units: UnitStore): Promise<Result> {
  const config = await findConfig(root, undefined, { cwd: root });
  const result = await lintTree(tree, rules, config, null, performance.now(), units);
  return withoutBaseline({ tree, root }, result, config);
}

function withoutBaseline(
  { tree, root }: { readonly tree: SourceTree; readonly root: string },
  result: Result,
  config: Config,
): Result {
  if (config.baseline === null) return result;
  return withoutKnown(result, [
    siftBaseline(
      wantedBaseline(config.baseline, { cwd: root }),
      tree,
      { findings: result.findings, notAnalysed: result.contract.notAnalysed },
      config,
    ),
  ]);
}

function outcomeOf(result: Result, extent: Extent): Outcome {
  return {
    extent,
    findings: result.findings,
    fixable: result.findings.filter((finding) => result.fixes.has(finding)).map(({ fingerprint }) => fingerprint),
    inventory: toldInNames(result.contract.names, inventoryOf(result.contract)),
  };
}
