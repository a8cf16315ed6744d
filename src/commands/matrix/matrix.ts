import { waitingFor } from '../../base/profile.js';
import { repositoryUri } from '../../input/git/repository-uri.js';
import { findConfig } from '../cli/config.js';
import { type CommandContext, standardStream, userPath, writeUserFiles } from '../cli/context.js';
import { columnsOf } from '../cli/terminal.js';
import { formats, type MatrixFormat } from '../formats/formats.js';
import { type SideOptions, sideOf } from '../scan/tree-side.js';
import { readMatrix } from './read-matrix.js';

export interface MatrixOptions extends SideOptions {
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
  const reading = readMatrix(folder, { side: sideOf(options, context), against: options.against }, config, context);
  const found = await reading.finally(() => terminal.progress(null));
  const isPrinted = options.output === undefined || options.output === standardStream;
  const shown = {
    ...found,
    colour: terminal.hasColour && isPrinted,
    columns: isPrinted ? columnsOf(terminal) : null,
    traces: options.trace,
    // A tree without a revision belongs to no repository.
    repository: async () =>
      found.result.revision === null ? null : await repositoryUri(userPath(context, folder), env),
  };
  const text = await waitingFor('report', () => formats[options.format ?? 'text'].matrix(shown));
  await writeUserFiles(context, [{ path: options.output ?? standardStream, text }]);
  return 0;
}
