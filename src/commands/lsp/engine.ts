import { join, relative } from 'node:path';
import { rules } from '../../../rules/index.js';
import { inventoryOf, toldInNames } from '../../contract/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { type Config, fixFindings, type Result, withoutKnown } from '../../lint/index.js';
import { createUnitStore, type UnitStore } from '../../program/index.js';
import { findConfig } from '../cli/config.js';
import { moduleFolder, openWithKernel } from '../scan/narrow/module-tree.js';
import { withFiles } from '../scan/narrow/moved.js';
import { siftBaseline, wantedBaseline } from '../scan/only-new.js';
import type { Engine, Extent, Outcome } from './messages.js';
import { linkedFiles } from './modules/linked-files.js';
import { createNearEngine } from './near-engine.js';

/**
 * Creates an engine for a whole kernel tree, for the edited files with their neighbours, or for a module.
 * @param kernel the headers that a module outside of any tree is built for; null for a tree
 */
export function createEngine(root: string, extent: Extent, kernel: string | null = null): Engine {
  if (kernel !== null) return createModuleEngine(root, kernel);
  return extent === 'tree' ? createTreeEngine(root, () => openFolder(root)) : createNearEngine(root);
}

/** Analyses a module with its kernel, where it has a folder of its own. Paths are told from the module. */
function createModuleEngine(root: string, kernel: string): Engine {
  const open = (): SourceTree => openWithKernel({ folder: root, name: root }, { folder: kernel, name: kernel });
  const engine = createTreeEngine(root, open);
  const outside = (path: string): string =>
    path.startsWith(`${moduleFolder}/`) ? path.slice(moduleFolder.length + 1) : relative(root, join(kernel, path));
  return {
    async analyse(edited) {
      const inside = edited.map(([path, text]) => [`${moduleFolder}/${path}`, text] as const);
      return withFiles(await engine.analyse(inside), outside) as Outcome;
    },
    async fix(fingerprint) {
      const answer = await engine.fix(fingerprint);
      if (answer.kind === 'none') return answer;
      return { ...answer, files: answer.files.map(([path, text]) => [outside(path), text] as const) };
    },
  };
}

/** Reads the whole tree once. What an edit does not touch is kept for the next analysis. */
function createTreeEngine(root: string, open: () => SourceTree): Engine {
  const units = createUnitStore();
  const texts = new Map<string, string | null>();
  let base: SourceTree | undefined;
  let last: { readonly tree: SourceTree; readonly result: Result } | undefined;
  return {
    async analyse(edited) {
      base ??= rememberingTree(open());
      const linked = linkedFiles(root, base, edited);
      for (const path of linked) if (!texts.has(path)) texts.set(path, base.read(path) ?? null);
      for (const [path, text] of edited) texts.set(path, text ?? base.read(path) ?? null);
      const origin = {
        tree: last?.tree ?? base,
        changed: [...new Set([...linked, ...edited.map(([path]) => path)])].sort(),
      };
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
