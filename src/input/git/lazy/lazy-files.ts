import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { searchInParallel } from '../../search/parallel-search.js';
import type { SearchResult } from '../../search/search.js';
import type { InputProblem } from '../../tree/walk.js';
import { sayNoBlob, type WantedBlob, writeBlobs, writeBlobsNow } from '../blobs.js';
import type { Repository } from '../repository.js';
import { grepCommit } from './grep.js';

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
  const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
  const folders = new Map<string, string[]>();
  for (const { path } of files) folders.set(folderOf(path), []);
  for (const { path } of files) folders.get(folderOf(path))?.push(path);
  const written = new Set<string>();
  const problems = new Map<string, InputProblem>();
  /** Writes files that are not there yet, all at once. */
  const write = async (paths: Iterable<string>): Promise<void> => {
    const wanted = [...new Set(paths)].flatMap((path): WantedBlob[] => {
      const blob = written.has(path) ? undefined : blobs.get(path);
      return blob === undefined ? [] : [{ path, blob }];
    });
    const missing = await writeBlobs(wanted, repository.git, scratch);
    for (const { path, why } of missing) problems.set(path, { path, reason: sayNoBlob(why) });
    for (const { path } of wanted) written.add(path);
  };
  const writeNow = (paths: readonly string[]): void => {
    const wanted = paths.map((path) => ({ path, blob: blobs.get(path) ?? '' }));
    for (const { path, why } of writeBlobsNow(wanted, repository.git, scratch))
      problems.set(path, { path, reason: sayNoBlob(why) });
    for (const path of paths) written.add(path);
  };
  /** What the analysis reads beside some files: the rest of their folders, and the headers of the kernel. */
  const neighbours = (paths: readonly string[]): readonly string[] =>
    [
      ...new Set([...paths.map(folderOf), ...[...folders.keys()].filter((folder) => /^include\b/.test(folder))]),
    ].flatMap((folder) => folders.get(folder) ?? []);
  const searchWritten = async (paths: readonly string[], words: readonly string[], exports: boolean) => {
    await write(paths);
    const readable = paths.filter((path) => !problems.has(path));
    const result = await searchInParallel({ root: scratch, paths: readable, words, exports });
    return { ...result, problems: [...result.problems, ...problems.values()] };
  };
  return {
    has: (path) => blobs.has(path),
    read(path) {
      const problem = problems.get(path);
      if (problem) return problem;
      if (written.has(path)) return readFileSync(join(scratch, path));
      // Who reads one file of a folder reads others of it: each call of git takes a process.
      const wanted = (folders.get(folderOf(path)) ?? [path]).filter((one) => !written.has(one) && !problems.has(one));
      writeNow(wanted);
      return problems.get(path) ?? readFileSync(join(scratch, path));
    },
    async search(paths, words, exports) {
      if (paths.length < fewFiles) return await searchWritten(paths, words, exports);
      const found = await grepCommit(repository, { commit, words, exports, pathspecs: pathspecsFor(paths) });
      if (!found) return await searchWritten(paths, words, exports);
      const asked = new Set(paths);
      const hits = found.hits.map((each) => [...each].filter((path) => asked.has(path)));
      await write([...neighbours(hits.flat()), ...found.broken]);
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

/** Patterns of names that hold for all of some paths, so that git reads no other file. */
function pathspecsFor(paths: readonly string[]): readonly string[] {
  if (paths.every((path) => path.startsWith('Documentation/'))) return ['Documentation'];
  const endings = new Set(paths.map((path) => /\.\w+$/.exec(path)?.[0]));
  return endings.has(undefined) || endings.size > 4 ? [] : [...endings].map((ending) => `*${ending}`);
}

function folderOf(path: string): string {
  return posix.dirname(path);
}
