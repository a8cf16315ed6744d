import { explainPaths } from '../../flow/index.js';
import { openFolder } from '../../input/tree/tree.js';
import { askedHeaders } from '../../kernel/index.js';
import { readInOurNames } from '../../kernel/roles/names.js';
import { ConfigError } from '../../lint/config/config.js';
import { openCodebase } from '../../program/index.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { fitted } from '../../report/text/wrap.js';
import { type CommandContext, userPath } from '../cli/context.js';
import { columnsOf } from '../cli/terminal.js';

/**
 * Prints what one function takes and releases on each of its paths.
 * @param place `<file>:<function>`
 * @returns the exit code
 * @throws InputError, ConfigError
 */
export async function explainPath(folder: string, place: string, context: CommandContext): Promise<number> {
  const tree = openFolder(userPath(context, folder), folder);
  const [, path, name] = /^(.+):(\w+)$/.exec(place) ?? [];
  if (!path || !name) throw new ConfigError(`'${place}' does not name a function; use <file>:<function>`);
  const { names } = readInOurNames(tree);
  const codebase = await openCodebase(names.tree, { attributeWords: [], leftOut: [], askedHeaders });
  if (!codebase.program.file(path)) throw new ConfigError(`${path}: no such file in ${tree.name}`);
  const lines = explainPaths(codebase, path, name);
  context.terminal.progress(null);
  if (!lines) throw new ConfigError(`${path}: defines no function '${name}'`);
  const text = lines.map((line) => `${escapeForTerminal(names.told(line))}\n`).join('');
  context.terminal.write(fitted(text, columnsOf(context.terminal)));
  return 0;
}
