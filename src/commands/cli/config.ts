import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, configName, defaultConfig, readConfig } from '../../lint/config/config.js';
import { type CommandContext, userPath } from './context.js';

/**
 * The configuration that the user names, or the tree's own, or none.
 * @param folder the tree, as the user names it
 * @throws ConfigError
 */
export async function findConfig(
  folder: string,
  named: string | undefined,
  context: Pick<CommandContext, 'cwd'>,
): Promise<Config> {
  const name = named ?? join(folder, configName);
  const path = userPath(context, name);
  if (named === undefined && !existsSync(path)) return defaultConfig;
  // Which rules there are is known to their list alone, and with it comes everything.
  const { rules } = await import('../../../rules/index.js');
  return readConfig(
    path,
    rules.map((rule) => rule.id),
    name,
  );
}
