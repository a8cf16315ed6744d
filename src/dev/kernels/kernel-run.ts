import { execFile } from 'node:child_process';

/** How a program is run: in which folder, and what stops it early. */
export interface RunOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program without a shell and waits for it.
 *
 * @param program its name, looked up in PATH
 * @param args its arguments
 * @param options working folder and abort signal
 * @returns what it wrote to stdout
 * @throws Error with one line: the program is missing, was interrupted, or what it complained of first
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = {
      ...options,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    execFile(program, args, settings, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(new Error(complaint(program, error.code, stderr), { cause: error }));
    });
  });
}

/**
 * @param program what failed
 * @param code its exit code, or the system's error code
 * @param stderr what it wrote to stderr
 * @returns one line that says what went wrong
 */
export function complaint(program: string, code: unknown, stderr: string): string {
  if (code === 'ENOENT') return `${program} is not installed (this script needs a Debian machine)`;
  if (code === 'ABORT_ERR') return 'interrupted';
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  // apt warns before it fails, and tar repeats "No space left on device" for every file.
  const line = lines.find((text) => /No space left/.test(text)) ?? lines.find((text) => /^E: /.test(text)) ?? lines[0];
  return `${program} failed: ${line?.trim() ?? `exit ${String(code)}`}`;
}
