import { UserError } from '../../base/errors.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { CommandContext } from './context.js';
import { exitInternal, exitUsage } from './exit-codes.js';

/** Tells in one line on standard error what went wrong. @returns the exit code */
export function reportError(error: unknown, { env, terminal }: CommandContext): number {
  if (error instanceof UserError) {
    terminal.writeError(`dmabuf-lint: ${escapeForTerminal(error.message)}\n`);
    return exitUsage;
  }
  const isDebugging = Boolean(env['DMABUF_LINT_DEBUG']);
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  terminal.writeError(
    `dmabuf-lint: internal error: ${isDebugging ? stack : escapeForTerminal(message)} (set DMABUF_LINT_DEBUG=1 for more, and report it)\n`,
  );
  return exitInternal;
}
