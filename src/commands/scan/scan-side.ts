import { withScratch } from '../../base/scratch.js';
import { type OpenedSide, openSide } from '../../input/git/sides/open-side.js';
import type { TreeSide } from '../../input/git/sides/tree-side.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { type Finding, type ScanOutcome, withoutKnown } from '../../lint/index.js';
import type { TextOf } from '../../report/run-report.js';
import { type CommandContext, cachesOf, userPath } from '../cli/context.js';
import { trustedBaseline, trustedConfig } from '../cli/trusted-config.js';
import { analyser, keptUnits, sharedUnits } from './analyse.js';
import { siftBaseline } from './only-new.js';
import { baselineOf, type Scanned, type ScanRequest } from './scan-request.js';

/**
 * Scans a state of a tree that is not on disk as a whole: what is staged, a revision, or a sparse checkout. Configuration
 * and baseline are those of that state.
 * @param name the tree, as the user names it
 * @throws InputError, RevisionError, ConfigError
 */
export async function scanSide(
  name: string,
  side: TreeSide,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned> {
  const { env } = context;
  const folder = userPath(context, name);
  return await withScratch(env, async (scratch) => {
    const opened = await openSide({ folder, name, side, env }, scratch);
    // What is not committed is the user's own.
    const trusted = { commit: side.kind === 'work-tree' ? null : opened.revision, text: opened.text };
    const { value: config } = await trustedConfig(name, request.config, trusted, context);
    const path = baselineOf(request, config);
    const baseline = path === null ? null : (await trustedBaseline(name, path, trusted, context)).value;
    const caches = cachesOf(context, request.cache ?? true);
    const analyse = analyser(config, caches, caches ? keptUnits(caches, folder) : sharedUnits(null));
    const facts = await analyse(opened.tree, opened.identity);
    const outcome = outcomeIn(opened, facts, request.started);
    const sifted = baseline ? [siftBaseline(baseline, opened.tree, facts, config)] : [];
    return {
      kind: 'scanned',
      tree: opened.tree,
      config,
      outcome: withoutKnown(outcome, sifted),
      hasGaps: facts.notAnalysed.length > 0,
      changedLines: new Map(),
    };
  });
}

function outcomeIn({ tree, revision }: OpenedSide, facts: ScanOutcome['facts'], started: number): ScanOutcome {
  const { findings } = facts;
  const milliseconds = Math.round(performance.now() - started);
  return { facts, findings, revision, milliseconds, textOf: textsOf(tree, findings) };
}

/** The texts of the files that findings name: the tree itself goes away before they are shown. */
function textsOf(tree: SourceTree, findings: readonly Finding[]): TextOf {
  const paths = new Set(findings.flatMap(({ file, trace }) => [file, ...trace.map((step) => step.file)]));
  const texts = new Map([...paths].map((path) => [path, tree.read(path)]));
  return (path) => texts.get(path);
}
