import { execFileSync } from 'node:child_process';
import { git } from '../examples/user-git.js';
import { author, firstDate, ownGit } from '../kernels/kernel-repository.js';

/** The files of a kernel tree as the commits of a series change them, one after the other. Paths are from its top. */
export interface Draft {
  readonly read: (path: string) => string;
  readonly write: (path: string, text: string) => void;
}

/** One commit of a series: its message and its edit. */
export interface PatchPlan {
  readonly subject: string;
  /** Without the sign-off. */
  readonly body: string;
  readonly edit: (draft: Draft) => void;
}

/** Replaces a text. An edit that finds nothing is a mistake in the edit, and throws. */
export function replaceIn(draft: Draft, path: string, wanted: string | RegExp, text: string): void {
  const before = draft.read(path);
  const after = typeof wanted === 'string' ? before.replace(wanted, () => text) : before.replace(wanted, text);
  if (after === before) throw new Error(`${path} has no ${String(wanted)}`);
  draft.write(path, after);
}

/**
 * Commits a series on a branch of its own, from plans. Neither the work tree nor the index is touched, and the same plans
 * make the same ids.
 *
 * @param repository from kernelRepository, or a copy of it; its work tree need not be at the base
 * @param branch is made, or moved
 * @param plans in their order
 * @param base the commit below the first, by default the plain kernel
 * @returns the ids of the commits
 */
export async function commitSeries(
  repository: string,
  branch: string,
  plans: readonly PatchPlan[],
  base = 'main',
): Promise<readonly string[]> {
  const options = { cwd: repository, env: ownGit };
  const start = (await git(['rev-parse', '--verify', `${base}^{commit}`], options)).toString().trim();
  const files = new Map<string, string>();
  const original = (path: string) =>
    execFileSync('git', ['cat-file', 'blob', `${start}:${path}`], {
      cwd: repository,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
  const stream = plans.map((plan, index) => {
    const changed = new Set<string>();
    plan.edit({
      read: (path) => files.get(path) ?? original(path),
      write: (path, text) => {
        files.set(path, text);
        changed.add(path);
      },
    });
    const contents = [...changed].map((path) => `M 100644 inline ${path}\n${data(files.get(path) ?? '')}`).join('');
    const who = `${author} ${firstDate + 3600 * (index + 1)} +0000`;
    const message = `${plan.subject}\n\n${plan.body.trim()}\n\nSigned-off-by: ${author}\n`;
    const from = index === 0 ? `from ${start}\n` : '';
    return `commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\n${data(message)}${from}${contents}\n`;
  });
  await git(['fast-import', '--quiet', '--force'], { ...options, input: stream.join('') });
  const list = await git(['rev-list', '--reverse', `${start}..refs/heads/${branch}`], options);
  return list.toString().trim().split('\n');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
