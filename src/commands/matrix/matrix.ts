import { waitingFor } from '../../base/profile.js';
import { repositoryUri } from '../../input/git/repository-uri.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, userPath, writeUserFiles } from '../cli/context.js';
import { formats, type MatrixFormat } from '../formats/formats.js';
import { readMatrix } from './read-matrix.js';

export interface MatrixOptions {
  readonly format?: MatrixFormat;
  readonly output?: string;
  readonly config?: string;
  /** Another tree, or a revision of this one. */
  readonly against?: string;
  readonly trace: boolean;
}

/**
 * `dmabuf-lint matrix [tree]`: which importer may attach to which exporter, and what happens when that takes memory back.
 * @returns the exit code
 * @throws UserError
 */
export async function matrix(folder: string, options: MatrixOptions, context: CommandContext): Promise<number> {
  const { terminal, env } = context;
  const config = await findConfig(folder, options.config, context);
  terminal.progress('reading the tree');
  const reading = readMatrix(folder, options.against, config, context);
  const found = await reading.finally(() => terminal.progress(null));
  const shown = {
    ...found,
    colour: terminal.hasColour && options.output === undefined,
    traces: options.trace,
    // A tree without a revision belongs to no repository.
    repository: async () =>
      found.result.revision === null ? null : await repositoryUri(userPath(context, folder), env),
  };
  const text = await waitingFor('report', () => formats[options.format ?? 'text'].matrix(shown));
  if (options.output === undefined) terminal.write(text);
  else await writeUserFiles(context, [{ path: options.output, text }]);
  return 0;
}
