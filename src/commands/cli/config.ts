import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, configName, defaultConfig, parseConfig, readConfig } from '../../lint/config/config.js';
import { type CommandContext, readStandardInput, standardStream, userPath } from './context.js';

/**
 * The configuration that the user names, `-` for standard input, or the tree's own, or none.
 * @param folder the tree, as the user names it
 * @throws ConfigError
 */
export async function findConfig(
  folder: string,
  named: string | undefined,
  context: Pick<CommandContext, 'cwd'> & Partial<Pick<CommandContext, 'stdin'>>,
): Promise<Config> {
  const name = named ?? join(folder, configName);
  const path = userPath(context, name);
  if (named === undefined && !existsSync(path)) return defaultConfig;
  // Which rules there are is known to their list alone, and with it comes everything.
  const { rules } = await import('../../../rules/index.js');
  const ids = rules.map((rule) => rule.id);
  const { stdin } = context;
  if (name !== standardStream || !stdin) return readConfig(path, ids, name);
  return parseConfig(await readStandardInput({ stdin }), 'standard input', ids, '.');
}
