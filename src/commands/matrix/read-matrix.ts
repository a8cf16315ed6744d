import { rules } from '../../../rules/index.js';
import { withScratch } from '../../base/scratch.js';
import { buildContract, type Contract, type Negotiation, negotiationOf, toldInNames } from '../../contract/index.js';
import { type OpenedSide, openSide } from '../../input/git/sides/open-side.js';
import type { TreeSide } from '../../input/git/sides/tree-side.js';
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

/** What is read, and what it is compared with. */
export interface MatrixRequest {
  readonly side: TreeSide;
  /** Another tree, or a revision of this one. */
  readonly against?: string | undefined;
}

/**
 * Reads a tree, and another one or a revision of it to compare with. A name that is a folder is another tree.
 * @throws UserError
 */
export async function readMatrix(
  name: string,
  { side, against }: MatrixRequest,
  config: Config,
  context: CommandContext,
): Promise<Matrix> {
  const { env } = context;
  const folder = userPath(context, name);
  return await withScratch(env, async (scratch) => {
    if (against !== undefined && !isFolder(userPath(context, against))) {
      const request = { folder, name, revision: against, option: '--against', side, env } as const;
      const { before: ground, now, tree } = await openSince(request, scratch);
      const before = await negotiationIn(ground.tree, config);
      return { ...(await readTree({ ...now, tree }, config)), before };
    }
    const other = against === undefined ? null : openFolder(userPath(context, against), against);
    const before = other && (await negotiationIn(other, await findConfig(other.name, undefined, context)));
    return { ...(await readTree(await openSide({ folder, name, side, env }, scratch), config)), before };
  });
}

async function readTree({ tree, revision }: OpenedSide, config: Config): Promise<Omit<Matrix, 'before'>> {
  const result = await lintTree(tree, rules, config, revision);
  return { result, negotiation: toldNegotiation(result.contract) };
}

async function negotiationIn(tree: SourceTree, { markers, macros, exclude }: Config): Promise<Negotiation> {
  return toldNegotiation(await buildContract(tree, { markers, attributeWords: macros, leftOut: exclude }));
}

function toldNegotiation(contract: Contract): Negotiation {
  return toldInNames(contract.names, negotiationOf(contract));
}
