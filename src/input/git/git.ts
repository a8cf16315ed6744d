import { execFile, spawn } from 'node:child_process';
import { type Environment, temporaryFolder } from '../../base/environment.js';
import { errorCode, UserError } from '../../base/errors.js';

/** Git cannot be used: it is not installed, or it fails in a way that nobody expected. */
export class GitError extends UserError {}

export interface GitOptions {
  /** Where git runs; default: a folder that is no repository. */
  readonly cwd?: string;
  /** The user's environment: git finds its configuration, and itself, by it. */
  readonly env: Environment;
  /** Variables on top of that: a private index, a private object store. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What git reads on its standard input. */
  readonly input?: string | Buffer;
}

/** What a git command said. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Settings that keep git from running anything that a tree or its configuration names, from asking anybody, and from
 * writing to the repository: hooks, file system monitors, external diffs, text conversions, pagers, judges of
 * signatures, index refreshes. Filters have names of their own, see `work-tree-git.ts`.
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

/** Variables by which a caller (a hook, b4, `git rebase --exec`) tells git where to work: a command names its own. */
const inherited = ['GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_EXTERNAL_DIFF'];

const largestAnswer = 512 * 1024 * 1024;

function surroundings({ cwd, env, variables }: GitOptions) {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.includes(name)));
  return { cwd: cwd ?? temporaryFolder(env), env: { ...own, ...environment, ...variables } };
}

/**
 * Runs git, without a shell, and gives what it said, whatever its exit code.
 * @throws GitError where git is not installed, or says more than can be kept
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
 * Runs git and gives its standard output.
 * @throws GitError where it fails, with the first line of what it said
 */
export async function git(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const { code, stdout, stderr } = await askGit(args, options);
  if (code !== 0) throw new GitError(`git ${args[0]}: ${firstLine(stderr) || `ended with code ${code}`}`);
  return stdout;
}

/** Starts a git command that is talked to for longer, as `cat-file --batch` is. */
export function startGit(args: readonly string[], options: GitOptions) {
  return spawn('git', [...harmless, ...args], { ...surroundings(options), stdio: ['pipe', 'pipe', 'pipe'] });
}

/** The lines, or with `-z` the entries, of what git printed. */
export function entriesOf(output: Buffer, separator: '\n' | '\0'): readonly string[] {
  const entries = output.toString('utf8').split(separator);
  if (entries.at(-1) === '') entries.pop();
  return entries;
}

function gitTrouble(error: unknown, args: readonly string[]): GitError {
  if (errorCode(error) === 'ENOENT') return new GitError('git: not found; install git, or scan the tree with `scan`');
  return new GitError(`git ${args[0] ?? ''}: ${errorCode(error)}`);
}

/** What git complained of, as one line without its own `fatal:`. */
export function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^(?:fatal|error): /, '');
}
