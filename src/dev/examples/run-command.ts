import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CommandContext } from '../../commands/cli/context.js';
import { runCommand } from '../../commands/cli/run-command.js';
import type { Terminal } from '../../commands/cli/terminal.js';

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** An absolute path; if missing, that of this process. */
  readonly cwd?: string;
  /** On top of the environment of this process. Undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What standard input holds; nothing if missing. */
  readonly stdin?: string | Buffer;
  /** What the terminal can do; if missing, output goes to a pipe. */
  readonly terminal?: Partial<Pick<Terminal, 'isTerminal' | 'hasColour' | 'columns' | 'showsProgress'>>;
}

/**
 * Runs `dmabuf-lint` in this process, without a process beside it that looks after the parser. Unless `env` names a
 * cache, all runs of this process share one that nobody else has, and which goes away with the process.
 * @param args as on the command line: `run(['scan', tree, '--format', 'json'])`
 */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const printed = { stdout: '', stderr: '' };
  const terminal = capture(printed, options.terminal);
  const context: CommandContext = {
    // Who names a cache wants no other folder to appear.
    env: { ...(options.env?.['XDG_CACHE_HOME'] === undefined ? privateEnvironment() : process.env), ...options.env },
    cwd: options.cwd ?? process.cwd(),
    stdin: () => Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    terminal,
  };
  const code = await runCommand(args, context);
  return { code, ...printed };
}

/** A terminal that keeps what is written to it. */
function capture(printed: { stdout: string; stderr: string }, traits: RunOptions['terminal']): Terminal {
  const { isTerminal = false, hasColour = false, columns = 80, showsProgress = false } = traits ?? {};
  return {
    isTerminal,
    hasColour,
    columns,
    showsProgress,
    write(text) {
      printed.stdout += text;
    },
    writeError(text) {
      printed.stderr += text;
    },
    progress(text) {
      if (showsProgress) printed.stderr += `\r\u001b[K${text ?? ''}`;
    },
  };
}

let cache: string | undefined;

/** The environment of this process, with a cache that only this process has, and which goes away with it. */
export function privateEnvironment(): NodeJS.ProcessEnv {
  if (cache === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'test-cache-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    cache = folder;
  }
  return { ...process.env, XDG_CACHE_HOME: cache };
}
