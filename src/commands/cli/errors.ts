import { closeSync, openSync } from 'node:fs';
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
  if (lacksDescriptors()) {
    terminal.writeError(`dmabuf-lint: ${shortages.get('EMFILE')}: ${escapeForTerminal(message)}\n`);
    return exitInternal;
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  terminal.writeError(
    `dmabuf-lint: internal error: ${isDebugging ? stack : escapeForTerminal(message)} (set DMABUF_LINT_DEBUG=1 for more, and report it)\n`,
  );
  return exitInternal;
}

/** How many files Node's loader has open at once where a command starts, with some to spare. */
const neededDescriptors = 32;

/**
 * Whether this process may open too few files to load the program. Node's loader then fails in many ways: a
 * `package.json` that cannot be opened is none to it, so a package "cannot be found", or its modules have the wrong
 * syntax.
 */
function lacksDescriptors(): boolean {
  const open: number[] = [];
  try {
    while (open.length < neededDescriptors) open.push(openSync('/', 'r'));
    return false;
  } catch (error) {
    return errorCode(error) === 'EMFILE';
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

/** The file that a system error is about. */
function placeOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? `: ${escapeForTerminal(String(error.path))}` : '';
}
