import { type CacheFolders, cacheFolders } from '../../base/disk-cache.js';
import { type Environment, pathFrom } from '../../base/environment.js';
import { type WrittenFile, writeTogether } from '../../base/write-files.js';
import type { Job } from '../supervise/job.js';
import type { OutputSink, Terminal } from './terminal.js';

/** What can be read from standard input. */
export type StandardInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * What a command knows of the world around it. Commands read neither `process` nor any other global state, so that any
 * number of them can run in one process, at the same time.
 */
export interface CommandContext {
  readonly env: Environment;
  /** An absolute path: relative paths that the user names start here. */
  readonly cwd: string;
  /** Opens standard input. Only a command that reads it calls this. */
  stdin(): StandardInput;
  readonly terminal: Terminal;
  /**
   * Does a job in a process of its own, which the parser may crash, and returns the exit code. If missing, commands do
   * all their work in this process.
   * @param sink where that process's output goes; if missing, to the standard streams of this one
   */
  readonly supervise?: (job: Job, context: CommandContext, sink?: OutputSink) => Promise<number>;
  /**
   * Whether some code is left out, because the parser crashed on it: then nothing is kept for later runs, and nothing
   * is taken from earlier ones.
   */
  readonly isIncomplete?: boolean;
  /** When the command began, by performance.now(): 0 in a process of its own. If missing, it begins when it is called. */
  readonly started?: number;
}

/** Where a file or folder is that the user names. */
export function userPath({ cwd }: Pick<CommandContext, 'cwd'>, name: string): string {
  return pathFrom(cwd, name);
}

/** The folders with the results of earlier runs; null where nothing of them is wanted, or could be relied on. */
export function cachesOf({ env, isIncomplete }: CommandContext, isWanted: boolean): CacheFolders | null {
  return isWanted && !isIncomplete ? cacheFolders(env) : null;
}

/** What stands for standard input or standard output where a file is named. */
export const standardStream = '-';

/** Reads all of standard input, which the user names as `-`. */
export async function readStandardInput({ stdin }: Pick<CommandContext, 'stdin'>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

/** Writes files that the user names, all or none; `-` is standard output. @throws OutputError */
export async function writeUserFiles(
  context: Pick<CommandContext, 'cwd' | 'terminal'>,
  files: readonly WrittenFile[],
): Promise<void> {
  const isPrinted = ({ path }: WrittenFile): boolean => path === standardStream;
  await writeTogether(
    files
      .filter((file) => !isPrinted(file))
      .map(({ path, text, name = path, tree }) => ({
        path: userPath(context, path),
        text,
        name,
        ...(tree === undefined ? {} : { tree: userPath(context, tree) }),
      })),
  );
  for (const { text } of files.filter(isPrinted)) context.terminal.write(text);
}
