import { rules } from '../../../rules/index.js';
import { withScratch } from '../../base/scratch.js';
import { buildContract, type Negotiation, negotiationOf } from '../../contract/index.js';
import { treeRevision } from '../../input/git/revision.js';
import { openSince } from '../../input/git/work-tree.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import type { Config, Result } from '../../lint/index.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, userPath } from '../cli/context.js';
import { isFolder } from '../cli/is-folder.js';

/** Which importer may attach to which exporter, in one tree or held against another. */
export interface Matrix {
  readonly result: Result;
  readonly negotiation: Negotiation;
  /** Of the other tree; null where there is none. */
  readonly before: Negotiation | null;
}

/**
 * Reads a tree, and another one or a revision of it to compare with. A name that is a folder is another tree.
 * @throws UserError
 */
export async function readMatrix(
  folder: string,
  against: string | undefined,
  config: Config,
  context: CommandContext,
): Promise<Matrix> {
  if (against === undefined) return await readTree(folder, config, context);
  const other = userPath(context, against);
  if (isFolder(other)) {
    const before = await negotiationIn(openFolder(other, against), await findConfig(against, undefined, context));
    return { ...(await readTree(folder, config, context)), before };
  }
  return await readSince(folder, against, config, context);
}

async function readTree(folder: string, config: Config, context: CommandContext): Promise<Matrix> {
  const path = userPath(context, folder);
  const result = await lintTree(openFolder(path, folder), rules, config, await treeRevision(path, context.env));
  return { result, negotiation: negotiationOf(result.contract), before: null };
}

function readSince(name: string, revision: string, config: Config, context: CommandContext): Promise<Matrix> {
  const { env } = context;
  const folder = userPath(context, name);
  return withScratch(env, async (scratch) => {
    const { before: ground, tree } = await openSince({ folder, name, revision, option: '--against', env }, scratch);
    const before = await negotiationIn(ground.tree, config);
    const result = await lintTree(tree, rules, config, await treeRevision(folder, env));
    return { result, negotiation: negotiationOf(result.contract), before };
  });
}

async function negotiationIn(tree: SourceTree, { markers, macros, exclude }: Config): Promise<Negotiation> {
  return negotiationOf(await buildContract(tree, { markers, attributeWords: macros, leftOut: exclude }));
}
