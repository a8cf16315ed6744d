import { execFile, spawn, spawnSync } from 'node:child_process';
import type { Environment } from '../../base/environment.js';
import { errorCode, UserError } from '../../base/errors.js';
import { type GitSetting, gitEnvironment, noRepository, noRepositoryFolder } from './environment.js';

/** Git is not installed, or failed unexpectedly. */
export class GitError extends UserError {}

/** How git is run. */
export interface GitOptions {
  /** The working directory, where git looks for a repository; by default nowhere, and without a repository. */
  readonly cwd?: string;
  /** The user's environment: git finds the user's configuration, and itself, by it; see `environment.ts`. */
  readonly env: Environment;
  /** Variables on top of that: a named repository, a private index. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Configuration for this call. */
  readonly settings?: readonly GitSetting[];
  /** Ends git after this many milliseconds, which is an error; by default never. */
  readonly timeout?: number;
  /** The standard input. */
  readonly input?: string | Buffer;
}

/** The result of a git command. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Settings that keep git from running programs that a tree or its configuration names (hooks, file system monitors,
 * external diffs, text conversions, pagers, signature checks), from prompting, and from writing to the repository.
 * Filters can have any name: `work-tree-git.ts` switches them off.
 */
const harmless = [
  '--no-pager',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.quotePath=false',
    'core.autocrlf=false',
    'core.attributesFile=/dev/null',
    'core.untrackedCache=false',
    'diff.external=',
    'diff.noprefix=false',
    'diff.mnemonicPrefix=false',
    'log.showSignature=false',
    'apply.whitespace=nowarn',
    'gc.auto=0',
    'maintenance.auto=false',
    'protocol.allow=never',
  ].flatMap((setting) => ['-c', setting]),
];

const largestAnswer = 512 * 1024 * 1024;

function surroundings({ cwd, env, variables, settings }: GitOptions) {
  const place = cwd === undefined ? noRepository : {};
  return { cwd: cwd ?? noRepositoryFolder(env), env: { ...gitEnvironment(env, settings), ...place, ...variables } };
}

/**
 * Runs git without a shell.
 * @returns its output and exit code, also if it fails
 * @throws GitError if git is not installed, or prints more than 512 MB
 */
export function askGit(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...harmless, ...args],
      { ...surroundings(options), encoding: 'buffer', maxBuffer: largestAnswer, timeout: options.timeout ?? 0 },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, stdout, stderr: stderr.toString('utf8') });
        else reject(gitTrouble(error, error?.signal, args));
      },
    );
    child.stdin?.on('error', () => undefined); // git may end before it has read everything
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Runs git without a shell.
 * @returns its standard output
 * @throws GitError if it fails, with the first line of its error message
 */
export async function git(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const { code, stdout, stderr } = await askGit(args, options);
  if (code !== 0) throw new GitError(`git ${verbOf(args)}: ${firstLine(stderr) || `ended with code ${code}`}`);
  return stdout;
}

/** Starts a long-running git command, such as `cat-file --batch`. */
export function startGit(args: readonly string[], options: GitOptions) {
  return spawn('git', [...harmless, ...args], { ...surroundings(options), stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Runs a short command of git and waits for it. @returns its standard output; empty where it fails */
export function gitNow(args: readonly string[], options: GitOptions): Buffer {
  const { input = '' } = options;
  const { status, stdout } = spawnSync('git', [...harmless, ...args], {
    ...surroundings(options),
    input,
    maxBuffer: largestAnswer,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : Buffer.alloc(0);
}

/** Splits git's output into lines, or into the entries that `-z` separates. */
export function entriesOf(output: Buffer, separator: '\n' | '\0'): readonly string[] {
  const entries = output.toString('utf8').split(separator);
  if (entries.at(-1) === '') entries.pop();
  return entries;
}

/** What ends a git that reached a limit; it says nothing itself then. */
const limitSignals: ReadonlyMap<string, string> = new Map([
  ['SIGXFSZ', 'a file would become larger than allowed (ulimit -f)'],
  ['SIGXCPU', 'it took more processor time than allowed (ulimit -t)'],
  ['SIGKILL', 'it was killed; perhaps there is not enough memory'],
]);

function gitTrouble(error: unknown, signal: NodeJS.Signals | null | undefined, args: readonly string[]): GitError {
  if (errorCode(error) === 'ENOENT') return new GitError('git: not found; install git, or scan the tree with `scan`');
  if (signal) return new GitError(`git ${verbOf(args)}: ${limitSignals.get(signal) ?? `ended by ${signal}`}`);
  return new GitError(`git ${verbOf(args)}: ${errorCode(error)}`);
}

/** The command among git's arguments, without the settings before it. */
const verbOf = (args: readonly string[]): string => args.find((arg, at) => arg !== '-c' && args[at - 1] !== '-c') ?? '';

/** The first line of an error message of git, without `fatal:`. */
export function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^(?:fatal|error): /, '');
}
