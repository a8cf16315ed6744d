import { errorCode, UserError } from '../../base/errors.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { CommandContext } from './context.js';
import { exitInternal, exitUsage } from './exit-codes.js';

/** What the machine is short of, by the code of a system error: no defect of ours, and none of what the user wrote. */
const shortages: ReadonlyMap<string, string> = new Map([
  ['EMFILE', 'too many files are open; let a process open more (ulimit -n)'],
  ['ENFILE', 'too many files are open on this machine'],
  ['ENOMEM', 'there is not enough memory'],
  ['ERR_WORKER_OUT_OF_MEMORY', 'there is not enough memory'],
  ['EAGAIN', 'no further process or thread can be started (ulimit -u)'],
  ['EFBIG', 'a file would become larger than allowed (ulimit -f)'],
  ['ENOSPC', 'no space left on the device'],
  ['EDQUOT', 'the quota is used up'],
  ['EROFS', 'the file system is read-only'],
]);

/** Tells in one line on standard error what went wrong. @returns the exit code */
export function reportError(error: unknown, { env, terminal }: CommandContext): number {
  if (error instanceof UserError) {
    terminal.writeError(`dmabuf-lint: ${escapeForTerminal(error.message)}\n`);
    return exitUsage;
  }
  const shortage = shortages.get(errorCode(error));
  if (shortage !== undefined) {
    terminal.writeError(`dmabuf-lint: ${shortage}${placeOf(error)}\n`);
    return exitInternal;
  }
  const isDebugging = Boolean(env['DMABUF_LINT_DEBUG']);
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  terminal.writeError(
    `dmabuf-lint: internal error: ${isDebugging ? stack : escapeForTerminal(message)} (set DMABUF_LINT_DEBUG=1 for more, and report it)\n`,
  );
  return exitInternal;
}

/** The file that a system error is about. */
function placeOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? `: ${escapeForTerminal(String(error.path))}` : '';
}
