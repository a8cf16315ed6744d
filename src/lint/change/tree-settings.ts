import { baselineName } from '../baseline/baseline-file.js';
import { configName } from '../config/config.js';
import type { Rule } from '../rule.js';
import type { AddedSuppression } from './added.js';
import { addedEntries } from './added-entries.js';
import { addedSettings, baselineOfConfig } from './added-settings.js';

/** The texts of one tree; null for a file that it does not have. */
type TextOf = (path: string) => Promise<string | null>;

/** A change of a tree, as far as its configuration and baseline are concerned. */
export interface SettingsChange {
  readonly before: TextOf;
  readonly after: TextOf;
  isChanged(path: string): boolean;
  /** The former name of each renamed file, by its new name. */
  readonly renames: ReadonlyMap<string, string>;
}

/**
 * What a change of the tree's own configuration and baseline hides.
 * @param further other files of the tree that serve as configuration or baseline in this run
 */
export async function addedTreeSettings(
  { before, after, isChanged, renames }: SettingsChange,
  rules: readonly Rule[],
  further: { readonly config?: string | null; readonly baseline?: string | null } = {},
): Promise<readonly AddedSuppression[]> {
  const changeOf = async (path: string) => ({ path, before: await before(path), after: await after(path) });
  const configs = distinct([configName, further.config]);
  const found: AddedSuppression[] = [];
  for (const path of configs) if (isChanged(path)) found.push(...addedSettings(await changeOf(path), rules));
  const named = [await before(configName), await after(configName)].map((text) => baselineOfConfig(text, rules));
  for (const path of distinct([baselineName, further.baseline, ...named]))
    if (isChanged(path)) found.push(...addedEntries(await changeOf(path), renames));
  return found;
}

function distinct(paths: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(paths.filter((path) => typeof path === 'string'))];
}
