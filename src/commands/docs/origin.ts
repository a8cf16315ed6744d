import { resolve } from 'node:path';
import { visible } from '../../base/visible.js';
import type { Contract } from '../../contract/index.js';
import { namesTakenOut, type Origin } from '../../docs/patch-drafts.js';
import type { DocumentationPlan } from '../../docs/plan.js';
import { type NamedCommit, removingCommit } from '../../input/git/removing-commit.js';
import { dmaBufHeader } from '../../kernel/index.js';
import { ConfigError } from '../../lint/config/config.js';
import type { CommandContext } from '../cli/context.js';

/** Refuses what would not be one line of a changelog. @throws ConfigError */
export function checkLink(link: string): void {
  if (!/^https?:\/\/[!-~]+$/.test(link)) throw new ConfigError(`--link ${visible(link)}: no web address`);
}

/**
 * Finds the commits that took names out of the header and left them in texts, for `Fixes:` lines. Where there is no history
 * there are none; where git fails, a line says so.
 * @param folder the tree, as the user names it
 */
export async function findRemovals(
  folder: string,
  plan: DocumentationPlan,
  contract: Contract,
  { cwd, env, terminal }: CommandContext,
): Promise<Origin['removals']> {
  const found = new Map<string, NamedCommit>();
  for (const name of namesTakenOut(plan, contract)) {
    const removal = await removingCommit(
      resolve(cwd, folder),
      { path: dmaBufHeader, name: contract.names.told(name) },
      env,
    );
    if (removal.kind === 'found') found.set(name, removal.commit);
    if (removal.kind === 'unknown')
      terminal.writeError(`no Fixes line for the commit that removed '${name}': ${removal.reason}\n`);
  }
  return found;
}

/** Of patches that are only compared: their changelogs do not count. */
export const noOrigin: Origin = { tool: '', removals: new Map(), links: [] };
