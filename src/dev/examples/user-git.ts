import { git as call } from '../../input/git/git.js';

/** What {@link git} takes beside the arguments. */
export interface UserGitOptions {
  readonly cwd?: string;
  /** Variables on top of the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

/** Runs git in the environment of this process. @returns what it printed @throws GitError where it fails */
export function git(args: readonly string[], { env, ...rest }: UserGitOptions = {}): Promise<Buffer> {
  return call(args, { ...rest, env: process.env, ...(env ? { variables: env } : {}) });
}
