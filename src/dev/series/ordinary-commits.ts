import { entriesOf } from '../../input/git/git.js';
import { git } from '../examples/user-git.js';
import { ownGit } from '../kernels/kernel-repository.js';
import { commitSeries, type PatchPlan } from './commit-drafts.js';

const areas = ['fs', 'kernel', 'net', 'sound', 'drivers/gpu/drm'];
const contractWords = ['dma_buf', 'dma-buf', 'dma_resv', 'move_notify', 'invalidate_mappings'];

/**
 * Makes a branch of everyday commits: they change comments and messages all over the tree, and have nothing to do with
 * dma-buf.
 *
 * @param repository from kernelRepository, or a copy of it
 * @param branch is made, or moved
 * @param count how many
 * @returns the ids of the commits
 */
export async function commitOrdinary(repository: string, branch: string, count: number): Promise<readonly string[]> {
  const each = Math.ceil(count / areas.length);
  const picked = await Promise.all(areas.map((area) => pickFiles(repository, area, each)));
  const paths = Array.from({ length: each }, (_, index) => picked.map((files) => files[index] ?? '')).flat();
  return commitSeries(repository, branch, paths.slice(0, count).map(ordinaryPatch));
}

/** Files of an area, evenly spread, that do not mention dma-buf. */
async function pickFiles(repository: string, area: string, count: number): Promise<readonly string[]> {
  const patterns = contractWords.flatMap((word) => ['-e', word]);
  const found = await git(['grep', '--files-without-match', '-z', '--fixed-strings', ...patterns, 'main', '--', area], {
    cwd: repository,
    env: ownGit,
  });
  const files = entriesOf(found, '\0')
    .map((entry) => entry.replace(/^main:/, ''))
    .filter((path) => path.endsWith('.c'));
  const step = Math.floor(files.length / count);
  return Array.from({ length: count }, (_, index) => files[index * step] ?? '');
}

function ordinaryPatch(path: string): PatchPlan {
  const name = path.replace(/^.*\//, '').replace(/\.c$/, '');
  return {
    subject: `${name}: say what is meant`,
    body: 'Reword what is said, and explain what was not.',
    edit: (draft) => draft.write(path, reword(draft.read(path))),
  };
}

/** Changes a message for the log, if there is one, and adds a comment otherwise. */
function reword(text: string): string {
  const message = /\b(?:pr|dev|netdev|drm)_(?:err|warn|info|dbg)\([^;"]*"(?=[a-z])/;
  if (message.test(text)) return text.replace(message, '$&sorry, ');
  const firstFunction = /^(?=(?:static|int|void|struct)\b[^;={]*\)\s*\{)/m;
  const comment = '/* Called by those who need it, and by nobody else. */\n';
  return firstFunction.test(text) ? text.replace(firstFunction, comment) : `${text}\n${comment}`;
}
