/** Where a command writes to, and what it may expect there. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** How wide it is, or what is usual where nobody can tell. */
  readonly columns: number;
  write(text: string): void;
  writeError(text: string): void;
  /** Shows what is being done, in place of what was shown before; null for nothing. Only where somebody sees it. */
  progress(text: string | null): void;
}

/** The process's own streams. `NO_COLOR` is honoured; a reader that goes away ends the writing, not in an error. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return {
    isTerminal: stdout.isTTY === true,
    hasColour: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    columns: stdout.columns || 80,
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${text ?? ''}`);
    },
  };
}
