import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../rules/index.js';
import { type Config, configName, defaultConfig, readConfig } from '../lint/index.js';

/**
 * The configuration that the user names, or the tree's own, or none.
 * @throws ConfigError
 */
export function findConfig(folder: string, named: string | undefined): Config {
  const ids = rules.map((rule) => rule.id);
  if (named !== undefined) return readConfig(named, ids);
  const own = join(folder, configName);
  return existsSync(own) ? readConfig(own, ids) : defaultConfig;
}
