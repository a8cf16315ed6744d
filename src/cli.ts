#!/usr/bin/env node
import { CommanderError } from 'commander';
import { buildProgram } from './commands/program.js';
import { processTerminal } from './commands/terminal.js';
import { UserError } from './input/errors.js';
import { escapeForTerminal } from './report/escape.js';

/** Wrong usage or configuration. */
const exitUsage = 2;
const exitInternal = 3;

const terminal = processTerminal();

try {
  await buildProgram(terminal).parseAsync();
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
