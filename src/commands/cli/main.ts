import { CommanderError } from 'commander';
import { UserError } from '../../base/errors.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { exitInternal } from './exit-codes.js';
import { buildProgram } from './program.js';
import type { Terminal } from './terminal.js';

/** Wrong usage or configuration. */
const exitUsage = 2;

/** Runs the command that the command line names, and sets the exit code; every error becomes one line. */
export async function runProgram(terminal: Terminal): Promise<void> {
  try {
    await buildProgram(terminal).parseAsync(process.argv.filter((argument) => argument !== '--profile'));
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : exitUsage;
    } else if (error instanceof UserError) {
      terminal.writeError(`dmabuf-lint: ${escapeForTerminal(error.message)}\n`);
      process.exitCode = exitUsage;
    } else {
      const reason =
        error instanceof Error
          ? process.env['DMABUF_LINT_DEBUG']
            ? (error.stack ?? error.message)
            : error.message
          : String(error);
      terminal.writeError(
        `dmabuf-lint: internal error: ${process.env['DMABUF_LINT_DEBUG'] ? reason : escapeForTerminal(reason)} (set DMABUF_LINT_DEBUG=1 for more, and report it)\n`,
      );
      process.exitCode = exitInternal;
    }
  }
}
