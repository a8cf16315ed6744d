import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../lint/index.js';
import { git } from '../examples/user-git.js';
import { ownGit } from '../kernels/kernel-repository.js';

type JsonFinding = Pick<Finding, 'rule' | 'severity' | 'confidence' | 'file' | 'line' | 'column' | 'message' | 'trace'>;

/** What `series --format json` prints. */
export interface SeriesJson {
  readonly version: number;
  readonly base: string | null;
  readonly patches: readonly {
    readonly index: number;
    readonly subject: string;
    readonly commit: string | null;
    readonly introduced: readonly JsonFinding[];
    readonly fixed: readonly JsonFinding[];
    readonly unchanged: number;
    readonly notAnalysed: readonly unknown[];
  }[];
  readonly series: readonly (JsonFinding & { readonly patch: number | null })[];
  readonly contract: { readonly before: unknown; readonly after: unknown };
}

/** What a run must not change in a repository: status, HEAD, index, stash, references, and the files below `.git`. */
export async function snapshot(repository: string): Promise<Readonly<Record<string, string>>> {
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await git(args, { cwd: repository, env: ownGit })).toString();
  const own = join(repository, '.git');
  return {
    files: listing(own),
    head: readFileSync(join(own, 'HEAD'), 'utf8'),
    index: createHash('sha256')
      .update(readFileSync(join(own, 'index')))
      .digest('hex'),
    objects: await ask('count-objects', '-v'),
    references: await ask('for-each-ref'),
    stash: await ask('stash', 'list'),
    status: await ask('status', '--porcelain'),
  };
}

function listing(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      // Git touches an object of the repository when it is about to write the same one elsewhere.
      return name.startsWith('objects/') ? name : `${name} ${size} ${mtimeMs}`;
    })
    .sort()
    .join('\n');
}
