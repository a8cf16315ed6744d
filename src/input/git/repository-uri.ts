import type { Environment } from '../../base/environment.js';
import { askGit } from './git.js';

/**
 * The URI of a repository's `origin` without user and password. Null if there is none, or if it is a folder on this
 * machine, which means nothing elsewhere.
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
