import { askGit as ask, git as call, type GitAnswer } from '../../input/git/git.js';

/** As {@link call}, in the environment of this process. */
export interface UserGitOptions {
  readonly cwd?: string;
  /** Variables on top of the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

/** Runs git as the user of this process would, and gives what it printed. @throws GitError where it fails */
export function git(args: readonly string[], options: UserGitOptions = {}): Promise<Buffer> {
  return call(args, inProcess(options));
}

/** Runs git as the user of this process would, and gives what it said, whatever its exit code. */
export function askGit(args: readonly string[], options: UserGitOptions = {}): Promise<GitAnswer> {
  return ask(args, inProcess(options));
}

function inProcess({ env, ...rest }: UserGitOptions): Parameters<typeof call>[1] {
  return { ...rest, env: process.env, ...(env ? { variables: env } : {}) };
}
