import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../base/package/package-files.js';

/** The program that is tested: the one that users run, which `npm run build` puts beside what the compiler writes. */
export const cli = fileURLToPath(packageFile('dist/bundle/cli.js'));

/** How a run of the command line ended. */
export interface CliRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** In what surroundings the command line runs. */
export interface CliOptions {
  /** The working folder; that of this process where it is left out. */
  readonly cwd?: string;
  /** What is set beside the environment of this process. Undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it reads from standard input. */
  readonly input?: string;
  /** Interrupts it after so many milliseconds, as Ctrl-C does. */
  readonly interruptAfter?: number;
}

/** Runs `dmabuf-lint` in a process of its own, whatever its exit code. @throws Error if it cannot be started */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { cwd, env, input = '', interruptAfter } = options;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...process.env, ...env } });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    const timer = interruptAfter === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), interruptAfter);
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...output, seconds: (performance.now() - started) / 1000 });
    });
  });
}
