import { searchInParallel } from '../../search/parallel-search.js';
import type { SearchResult } from '../../search/search.js';
import type { InputProblem } from '../../tree/walk.js';
import type { WantedBlob } from '../blobs.js';
import type { Repository } from '../repository.js';
import { grepCommit } from './grep.js';
import { lazyStore } from './lazy-store.js';

/** Files of a commit that are written to a folder when somebody reads them, and searched where git has them. */
export interface LazyFiles {
  has(path: string): boolean;
  /** The bytes of one of them, or why there are none. */
  read(path: string): Buffer | InputProblem;
  /** Searches some of them. */
  search(paths: readonly string[], words: readonly string[], exports: boolean): Promise<SearchResult>;
}

/** Below so many files, writing them is quicker than asking git twice. */
const fewFiles = 1000;

/**
 * The files of a commit, which need not all be written out to be searched: of a kernel in a bare repository that would be
 * 1.4 GB, of which the analysis reads 2 %.
 * @param scratch a folder that must stay while the files are in use
 */
export function lazyFiles(
  repository: Repository,
  {
    commit,
    files,
    scratch,
  }: { readonly commit: string; readonly files: readonly WantedBlob[]; readonly scratch: string },
): LazyFiles {
  const store = lazyStore(files, repository.git, scratch);
  const { problems } = store;
  const searchWritten = async (paths: readonly string[], words: readonly string[], exports: boolean) => {
    await store.write(paths);
    const readable = paths.filter((path) => !problems.has(path));
    const result = await searchInParallel({ root: scratch, paths: readable, words, exports });
    return { ...result, problems: [...result.problems, ...problems.values()] };
  };
  return {
    has: store.has,
    read: store.read,
    async search(paths, words, exports) {
      if (paths.length < fewFiles) return await searchWritten(paths, words, exports);
      const found = await grepCommit(repository, { commit, words, exports, pathspecs: pathspecsFor(paths) });
      if (!found) return await searchWritten(paths, words, exports);
      const asked = new Set(paths);
      const hits = found.hits.map((each) => [...each].filter((path) => asked.has(path)));
      await store.write([...store.neighbours(hits.flat()), ...found.broken]);
      const broken = [...found.broken].filter((path) => asked.has(path));
      const rest = broken.length > 0 ? await searchWritten(broken, [], true) : null;
      return {
        hits,
        exports: [...found.exports.filter(([, path]) => asked.has(path)), ...(rest?.exports ?? [])],
        problems: [...problems.values()],
      };
    },
  };
}

/** Patterns of names that hold for all of some paths, so that git reads few others. */
function pathspecsFor(paths: readonly string[]): readonly string[] {
  if (paths.every((path) => path.startsWith('Documentation/'))) return ['Documentation'];
  const endings = new Set(paths.map((path) => /\.\w+$/.exec(path)?.[0]));
  if (endings.has(undefined) || endings.size > 4) return [];
  const folders = [...new Set(paths.map(upperFolder))];
  // Of a few folders, as for a part of the tree, only these are read. A name with a sign of patterns is none here.
  const isFew = folders.length <= mostFolders && folders.every((folder) => /^[\w/.,+-]+$/.test(folder));
  return [...endings].flatMap((ending) => (isFew ? folders.map((folder) => `${folder}/*${ending}`) : [`*${ending}`]));
}

/** More folders than these are a whole tree. */
const mostFolders = 40;

/** The folder at most three levels down that a file is in, or the one of all headers. */
function upperFolder(path: string): string {
  const parts = path.split('/').slice(0, -1);
  return parts[0] === 'include' ? 'include' : parts.slice(0, 3).join('/');
}
