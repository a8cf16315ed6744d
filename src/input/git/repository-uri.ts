import type { Environment } from '../../base/environment.js';
import { askGit } from './git.js';

/**
 * Where a repository is had from, as a URI without user and password; null where it says nothing of that, or names a
 * folder of this machine, which is nothing to anybody else.
 * @param env the user's environment
 */
export async function repositoryUri(folder: string, env: Environment): Promise<string | null> {
  const { code, stdout } = await askGit(['config', '--get', 'remote.origin.url'], { cwd: folder, env });
  return code === 0 ? publicUri(stdout.toString('utf8').trim()) : null;
}

/** Makes a URI of a remote: `host:path`, as ssh writes it, becomes `ssh://host/path`. Null for a local folder. */
function publicUri(remote: string): string | null {
  const [, host, path] = /^(?:[^@/:]+@)?([\w.-]+):(?!\/\/)\/?(.+)$/.exec(remote) ?? [];
  const text = host === undefined ? remote : `ssh://${host}/${path}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'file:' || url.hostname === '') return null;
  url.username = '';
  url.password = '';
  return url.href;
}
