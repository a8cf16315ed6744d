import { rules } from '../../../rules/index.js';
import { buildContract, inventoryOf, toldInNames } from '../../contract/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { latestCallback } from '../../kernel/index.js';
import { runRules } from '../../lint/analysis.js';
import { type Config, type Finding, matchBaseline, type Rule } from '../../lint/index.js';
import { createUnitStore, type UnitStore } from '../../program/index.js';
import { findConfig } from '../cli/config.js';
import { wantedBaseline } from '../scan/only-new.js';
import type { EditedText, Engine, Outcome } from './messages.js';
import { openScope, scopeName } from './scope.js';

/** A file that does not contain this word is not analysed. */
const word = 'dma_buf';

/** The files of a driver, and their analysis so far. */
interface Scope {
  readonly base: SourceTree;
  readonly units: UnitStore;
}

/**
 * Analyses each edited file with its driver, within a second. The analysis of the whole tree finds all of this, and
 * more.
 */
export function createNearEngine(root: string): Engine {
  const scopes = new Map<string, Scope>();
  const edited = new Map<string, string | null>();
  const found = new Map<string, Near>();

  const lookAt = async (path: string, config: Config): Promise<void> => {
    if (!edited.get(path)?.includes(word)) return void found.delete(path);
    const scope = scopes.get(scopeName(path)) ?? openedScope(root, path);
    scopes.set(scopeName(path), scope);
    const { markers, macros, exclude } = config;
    const options = { markers, attributeWords: macros, leftOut: exclude, focus: path };
    const contract = await buildContract(overlayTree(scope.base, withTexts(edited)), options, scope.units);
    const { findings } = runRules(contract, nearRules, config);
    found.set(path, {
      findings: findings.filter((finding) => finding.file === path && finding.confidence !== 'low'),
      inventory: inventoryIn(path, toldInNames(contract.names, inventoryOf(contract))),
    });
  };

  return {
    async analyse(texts: readonly EditedText[]): Promise<Outcome> {
      const config = await findConfig(root, undefined, { cwd: root });
      for (const [path, text] of texts) edited.set(path, text);
      for (const [path] of texts) await lookAt(path, config);
      const all = [...found.values()];
      const findings = withoutBaseline(
        all.flatMap((near) => near.findings),
        config,
        root,
      );
      return { extent: 'neighbours', findings, fixable: [], inventory: together(all.map((near) => near.inventory)) };
    },
    fix: async () => ({ kind: 'none', because: 'the tree is being read' }),
  };
}

/** The findings and tables of one file, as far as its driver shows them. */
interface Near {
  readonly findings: readonly Finding[];
  readonly inventory: Inventory;
}

type Inventory = Outcome['inventory'];

function inventoryIn(path: string, { dialect, importers, staticImporters, exporters }: Inventory): Inventory {
  const isOwn = ({ file }: { readonly file: string }): boolean => file === path;
  return {
    dialect,
    importers: importers.filter(isOwn),
    staticImporters: staticImporters.filter(isOwn),
    exporters: exporters.filter(isOwn),
  };
}

/** If no file uses dma-bufs, the dialect is unknown, and nobody reads it. */
function together(all: readonly Inventory[]): Inventory {
  return {
    dialect: all[0]?.dialect ?? { callback: latestCallback, notify: '', revocableCheck: null, markers: [] },
    importers: all.flatMap(({ importers }) => importers),
    staticImporters: all.flatMap(({ staticImporters }) => staticImporters),
    exporters: all.flatMap(({ exporters }) => exporters),
  };
}

function openedScope(root: string, path: string): Scope {
  return { base: rememberingTree(openScope(root, path)), units: createUnitStore() };
}

/** The files whose text in the editor differs from the disk. */
function withTexts(edited: ReadonlyMap<string, string | null>): ReadonlyMap<string, string> {
  return new Map([...edited].flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}

/** Other files are not analysed here: no entry of the baseline counts as fixed. */
function withoutBaseline(findings: readonly Finding[], { baseline }: Config, root: string): readonly Finding[] {
  if (baseline === null) return findings;
  const looked = { hasFile: () => true, looksAt: () => false };
  return matchBaseline(wantedBaseline(baseline, { cwd: root }).entries, findings, looked).introduced;
}

/** Rules that need the whole tree: they look for something that is missing everywhere, or for all callers of a function. */
const farRules: ReadonlySet<string> = new Set([
  'dmabuf-over-put',
  'exporter-op-missing',
  'pin-without-unpin',
  'stale-name-in-comment',
  'semantics-undocumented',
]);

const nearRules: readonly Rule[] = rules.filter(({ id, checks }) => checks === 'contract' && !farRules.has(id));
