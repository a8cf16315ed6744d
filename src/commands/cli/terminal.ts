import type { Environment } from '../../base/environment.js';
import { exitInternal } from './exit-codes.js';

/** What a command may expect of the terminal, if it is one. */
export interface TerminalTraits {
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** How wide it is; 80 where nobody can tell. */
  readonly columns: number;
  /** Whether somebody sees progress. */
  readonly showsProgress: boolean;
}

/** How wide lines on standard output may be; null where no person reads them there. */
export function columnsOf({ isTerminal, columns }: Pick<TerminalTraits, 'isTerminal' | 'columns'>): number | null {
  return isTerminal ? columns : null;
}

/** What takes output. */
export interface OutputSink {
  write(text: string): void;
  writeError(text: string): void;
}

/** Where a command writes to. */
export interface Terminal extends TerminalTraits, OutputSink {
  /** Shows what is being done, in place of what was shown before; null for nothing. Only where somebody sees it. */
  progress(text: string | null): void;
}

/** Standard output and standard error. */
export interface OutputStreams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** What the streams of a process can do. `NO_COLOR` is honoured, and `FORCE_COLOR`, for a pager or a log with colours. */
export function terminalTraits({ stdout, stderr }: OutputStreams, env: Environment): TerminalTraits {
  const isTerminal = stdout.isTTY === true;
  return {
    isTerminal,
    hasColour: hasColour(isTerminal, env),
    columns: stdout.columns || 80,
    showsProgress: stderr.isTTY === true,
  };
}

function hasColour(isTerminal: boolean, env: Environment): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/**
 * A terminal that writes to streams. If a reader goes away, the writing ends without an error.
 * @param end ends the process, where standard output cannot be written for another reason
 */
export function streamTerminal(
  { stdout, stderr }: OutputStreams,
  traits: TerminalTraits,
  end: (code: number) => void,
): Terminal {
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      // At once: what is not written must not pass for a clean run.
      const reason = error.code === 'ENOSPC' ? 'no space left on the device' : (error.code ?? error.message);
      if (stream === stdout) stderr.write(`dmabuf-lint: standard output cannot be written: ${reason}\n`);
      end(exitInternal);
    });
  const { isTerminal, hasColour, columns, showsProgress } = traits;
  return {
    isTerminal,
    hasColour,
    columns,
    showsProgress,
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    progress: (text) => {
      if (showsProgress) stderr.write(`\r\u001b[K${text ?? ''}`);
    },
  };
}

/** A terminal that nobody looks at. */
export const silentTerminal: Terminal = {
  isTerminal: false,
  hasColour: false,
  columns: 80,
  showsProgress: false,
  write: () => undefined,
  writeError: () => undefined,
  progress: () => undefined,
};
