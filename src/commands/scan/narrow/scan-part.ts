import { join } from 'node:path';
import { treeRevision } from '../../../input/git/revision.js';
import type { SourceTree } from '../../../input/tree/tree.js';
import { type Baseline, type Config, type ScanOutcome, withoutKnown } from '../../../lint/index.js';
import { findConfig } from '../../cli/config.js';
import { type CommandContext, cachesOf, userPath } from '../../cli/context.js';
import { analyseTree } from '../analyse-tree.js';
import { givenBaseline, siftBaseline } from '../only-new.js';
import { baselineOf, type Scanned, type ScanRequest } from '../scan-request.js';
import { moduleFolder, openWithKernel } from './module-tree.js';
import { moved } from './moved.js';
import { inPaths, narrowed, type Shows } from './narrow.js';
import { openNeighbourhood } from './neighbourhood.js';
import type { ScanTarget } from './scan-target.js';

type Part = Extract<ScanTarget, { kind: 'part' }>;
type Module = Extract<ScanTarget, { kind: 'module' }>;

/**
 * Scans some files and folders of a tree with the code around them, which costs a fraction of the whole tree.
 * @throws InputError, ConfigError
 */
export async function scanPart(
  { folder: name, paths }: Part,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned> {
  const folder = userPath(context, name);
  const config = await findConfig(name, request.config, context);
  const revision = await treeRevision(folder, context.env);
  const tree = openNeighbourhood(folder, name, paths);
  return await scanSome({ tree, shows: inPaths(paths), config, revision }, request, context);
}

/**
 * Scans a module with the kernel that it is built for; of that, headers are enough. Its own configuration counts, and
 * places are told from the folder that the user works in.
 * @throws InputError, ConfigError
 */
export async function scanModule(
  { kernel, folder, file }: Module,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned> {
  const config = await findConfig(folder, request.config, context);
  const path = userPath(context, folder);
  const tree = openWithKernel({ folder: path, name: folder }, { folder: userPath(context, kernel), name: kernel });
  const shows = inPaths([file === null ? moduleFolder : `${moduleFolder}/${file}`]);
  const revision = await treeRevision(path, context.env);
  const scanned = await scanSome({ tree, shows, config, revision }, request, context);
  const toUser = (one: string): string =>
    one.startsWith(`${moduleFolder}/`) ? join(folder, one.slice(moduleFolder.length + 1)) : join(kernel, one);
  return { ...scanned, outcome: moved(scanned.outcome, toUser) };
}

/** A tree, and what of it is shown. */
interface Some {
  readonly tree: SourceTree;
  readonly shows: Shows;
  readonly config: Config;
  readonly revision: string | null;
}

async function scanSome(
  { tree, shows, config, revision }: Some,
  request: ScanRequest,
  context: CommandContext,
): Promise<Scanned> {
  const { cache = true, started } = request;
  const path = baselineOf(request, config);
  const baseline = path === null ? null : await givenBaseline(path, context);
  const whole = await analyseTree(tree, config, { revision, started, caches: cachesOf(context, cache) });
  const outcome = narrowed(whole, shows);
  return {
    kind: 'scanned',
    tree,
    config,
    outcome: baseline ? withoutOld(outcome, { tree, shows, config }, baseline) : outcome,
    hasGaps: outcome.facts.notAnalysed.length > 0,
    changedLines: new Map(),
  };
}

/** Entries of the baseline for other files say nothing here. */
function withoutOld(
  outcome: ScanOutcome,
  { tree, shows, config }: Omit<Some, 'revision'>,
  baseline: Baseline,
): ScanOutcome {
  const own = { ...baseline, entries: baseline.entries.filter(({ file }) => shows(file)) };
  return withoutKnown(outcome, [siftBaseline(own, tree, outcome.facts, config)]);
}
