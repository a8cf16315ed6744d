import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, configName, defaultConfig, readConfig } from '../../lint/config/config.js';

/**
 * The configuration that the user names, or the tree's own, or none.
 * @throws ConfigError
 */
export async function findConfig(folder: string, named: string | undefined): Promise<Config> {
  const path = named ?? join(folder, configName);
  if (named === undefined && !existsSync(path)) return defaultConfig;
  // Which rules there are is known to their list alone, and with it comes everything.
  const { rules } = await import('../../../rules/index.js');
  return readConfig(
    path,
    rules.map((rule) => rule.id),
  );
}
