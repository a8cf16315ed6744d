import { join } from 'node:path';
import { rules } from '../../../rules/index.js';
import { textOnDisk } from '../../input/git/ground.js';
import type { WorkTreeSince } from '../../input/git/work-tree.js';
import { baselineName } from '../../lint/baseline/baseline-file.js';
import { type AddedSuppression, addedTreeSettings, type Baseline, type Config } from '../../lint/index.js';
import type { CommandContext } from '../cli/context.js';
import { findTracked, type Trusted, trustedBaseline, trustedConfig } from '../cli/trusted-config.js';
import { baselineOf, type ScanRequest } from './scan-request.js';

/** What a change is judged with, and what it would change of that. */
export interface ChangeSettings {
  readonly config: Config;
  /** Null for none. */
  readonly baseline: Baseline | null;
  /** What the change adds to the configuration and baseline of the tree. */
  readonly added: readonly AddedSuppression[];
  /** The text of a configuration or baseline with the change. */
  textOf(path: string): string | undefined;
}

/**
 * Reads what a change is judged with.
 * @param tree the work tree as the user names it, and where it is
 * @throws ConfigError
 */
export async function changeSettings(
  { name, folder }: { readonly name: string; readonly folder: string },
  { before, renames }: WorkTreeSince,
  request: ScanRequest,
  context: CommandContext,
): Promise<ChangeSettings> {
  const config = await trustedConfig(name, request.config, before, context);
  const named = baselineOf(request, config.value);
  const baseline = named === null ? null : await trustedBaseline(name, named, before, context);
  // Nobody named it, and git does not know it: a baseline for another run.
  const usual = await findTracked(name, join(name, baselineName), before, context);
  const own = new Set([...config.own, ...(baseline?.own ?? []), ...usual.own]);
  const change = {
    before: before.text,
    after: async (path: string) => textOnDisk(folder, path),
    isChanged: (path: string) => !own.has(path),
    renames,
  };
  const added = await addedTreeSettings(change, rules, { config: config.path, baseline: pathOf(baseline) });
  const textOf = (path: string): string | undefined => textOnDisk(folder, path) ?? undefined;
  return { config: config.value, baseline: baseline?.value ?? null, added, textOf };
}

function pathOf(trusted: Trusted<unknown> | null): string | null {
  return trusted?.path ?? null;
}
