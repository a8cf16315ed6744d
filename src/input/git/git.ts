import { execFile, spawn } from 'node:child_process';
import { type Environment, temporaryFolder } from '../../base/environment.js';
import { errorCode, UserError } from '../../base/errors.js';

/** Git is not installed, or failed unexpectedly. */
export class GitError extends UserError {}

/** How git is run. */
export interface GitOptions {
  /** The working directory; by default a folder that is no repository. */
  readonly cwd?: string;
  /** The user's environment: git finds its configuration, and itself, by it. */
  readonly env: Environment;
  /** Variables on top of that: a private index, a private object store. */
  readonly variables?: Readonly<Record<string, string>>;
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

const environment: Readonly<Record<string, string>> = {
  LC_ALL: 'C.UTF-8',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PAGER: 'cat',
};

/** Variables with which a caller (a hook, b4, `git rebase --exec`) redirects git. They are dropped: each command sets its own. */
const inherited = ['GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_EXTERNAL_DIFF'];

const largestAnswer = 512 * 1024 * 1024;

function surroundings({ cwd, env, variables }: GitOptions) {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.includes(name)));
  return { cwd: cwd ?? temporaryFolder(env), env: { ...own, ...environment, ...variables } };
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
      { ...surroundings(options), encoding: 'buffer', maxBuffer: largestAnswer },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, stdout, stderr: stderr.toString('utf8') });
        else reject(gitTrouble(error, args));
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
  if (code !== 0) throw new GitError(`git ${args[0]}: ${firstLine(stderr) || `ended with code ${code}`}`);
  return stdout;
}

/** Starts a long-running git command, such as `cat-file --batch`. */
export function startGit(args: readonly string[], options: GitOptions) {
  return spawn('git', [...harmless, ...args], { ...surroundings(options), stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Splits git's output into lines, or into the entries that `-z` separates. */
export function entriesOf(output: Buffer, separator: '\n' | '\0'): readonly string[] {
  const entries = output.toString('utf8').split(separator);
  if (entries.at(-1) === '') entries.pop();
  return entries;
}

function gitTrouble(error: unknown, args: readonly string[]): GitError {
  if (errorCode(error) === 'ENOENT') return new GitError('git: not found; install git, or scan the tree with `scan`');
  return new GitError(`git ${args[0] ?? ''}: ${errorCode(error)}`);
}

/** The first line of an error message of git, without `fatal:`. */
export function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^(?:fatal|error): /, '');
}
