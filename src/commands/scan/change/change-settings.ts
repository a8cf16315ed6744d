import { join } from 'node:path';
import { rules } from '../../../../rules/index.js';
import type { WorkTreeSince } from '../../../input/git/work-tree.js';
import { baselineName } from '../../../lint/baseline/baseline-file.js';
import { type AddedSuppression, addedTreeSettings, type Baseline, type Config } from '../../../lint/index.js';
import type { CommandContext } from '../../cli/context.js';
import { findTracked, type Trusted, trustedBaseline, trustedConfig } from '../../cli/trusted-config.js';
import { baselineOf, type ScanRequest } from '../scan-request.js';

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
 * @param name the tree, as the user names it
 * @throws ConfigError
 */
export async function changeSettings(
  name: string,
  { before, now, renames }: WorkTreeSince,
  request: ScanRequest,
  context: CommandContext,
): Promise<ChangeSettings> {
  const config = await trustedConfig(name, request.config, before, context);
  const named = baselineOf(request, config.value);
  const baseline = named === null ? null : await trustedBaseline(name, named, before, context);
  // Nobody named it, and git does not know it: a baseline for another run.
  const usual = await findTracked(name, join(name, baselineName), before, context);
  const own = new Set([...config.own, ...(baseline?.own ?? []), ...usual.own]);
  const texts = new Map<string, string>();
  const change = {
    before: before.text,
    after: async (path: string) => {
      const text = await now.text(path);
      if (text !== null) texts.set(path, text);
      return text;
    },
    isChanged: (path: string) => !own.has(path),
    renames,
  };
  const added = await addedTreeSettings(change, rules, { config: config.path, baseline: pathOf(baseline) });
  return { config: config.value, baseline: baseline?.value ?? null, added, textOf: (path) => texts.get(path) };
}

function pathOf(trusted: Trusted<unknown> | null): string | null {
  return trusted?.path ?? null;
}
