import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../../base/compare-text.js';
import { errorCode } from '../../base/errors.js';
import { searchInParallel } from '../search/parallel-search.js';
import type { SearchResult } from '../search/search.js';
import { decodeSource } from '../tree/decode.js';
import { InputError, type SourceTree } from '../tree/tree.js';
import { type InputProblem, isDocument, isMakefile, isSource } from '../tree/walk.js';
import { sayNoBlob, writeBlobs } from './blobs.js';
import { type LazyFiles, lazyFiles } from './lazy/lazy-files.js';
import { leftOutFiles } from './left-out.js';
import { type Entry, hasWorkTree, isFile, listTree, type Repository } from './repository.js';
import { filesUnlike } from './work-tree-git.js';

/** A revision of a repository as a source tree, and all its git entries by path. */
export interface RevisionTree {
  readonly tree: SourceTree;
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Opens a revision without checking it out. Files that are the same in the work tree are read from there; the others
 * are written to the scratch folder, or where they are many, read from git when they are needed.
 * @param commit the full name of a commit or tree object
 * @param scratch an empty folder that must stay while the tree is in use
 * @param fewFiles up to so many files are written out at once
 * @throws InputError if the revision has no C source
 */
export async function openRevision(
  repository: Repository,
  commit: string,
  scratch: string,
  fewFiles = usuallyFew,
): Promise<RevisionTree> {
  const [entries, different] = await Promise.all([listTree(repository, commit), differentFiles(repository, commit)]);
  return await openEntries(repository, { what: commit, entries, different, commit }, scratch, fewFiles);
}

/**
 * Opens a part of a revision as if it had no other files.
 * @param choose says of which of its files, by all that it has
 * @param scratch an empty folder that must stay while the tree is in use
 * @returns null if no C source is among them
 */
export async function openPartOfRevision(
  repository: Repository,
  commit: string,
  choose: (paths: readonly string[]) => (path: string) => boolean,
  scratch: string,
): Promise<{ readonly tree: SourceTree; isPart(path: string): boolean } | null> {
  const [all, different] = await Promise.all([listTree(repository, commit), differentFiles(repository, commit)]);
  const isPart = choose([...all.keys()]);
  const entries = new Map([...all].filter(([path]) => isPart(path)));
  if (![...entries].some(([path, entry]) => isFile(entry) && isSource(path))) return null;
  const { tree } = await openEntries(repository, { what: commit, entries, different, commit }, scratch);
  return { tree, isPart };
}

/** The files of a revision or of the index, as git lists them. */
export interface ListedEntries {
  /** What messages call it. */
  readonly what: string;
  readonly entries: ReadonlyMap<string, Entry>;
  /** The files that the work tree does not have, or has with another content; null if there is no work tree. */
  readonly different: ReadonlySet<string> | null;
  /** The commit that all files belong to, where there is one: `git grep` searches it. */
  readonly commit?: string;
}

/** Up to so many files, writing them is quicker than to ask git for single ones. */
const usuallyFew = 2000;

/** Opens files that git has as a source tree; see {@link openRevision}. @throws InputError */
export async function openEntries(
  repository: Repository,
  { what, entries: listed, different, commit }: ListedEntries,
  scratch: string,
  fewFiles = usuallyFew,
): Promise<RevisionTree> {
  const outside = [...listed.keys()].filter((path) => climbs(path));
  const entries = new Map([...listed].filter(([path]) => !climbs(path)));
  const files = [...entries].filter(([path, entry]) => isFile(entry) && (isSource(path) || isDocument(path)));
  const sources = files.flatMap(([path]) => (isSource(path) ? [path] : [])).sort();
  if (sources.length === 0)
    throw new InputError(`${repository.name}: ${what} has no C source; name a repository of the kernel`);
  const further = different === null ? [...entries.keys()].filter(isMakefile) : [...different].filter(isFurther);
  const wanted = [
    ...files.map(([path]) => path).filter((path) => different === null || different.has(path)),
    ...further,
  ].flatMap((path) => {
    const entry = entries.get(path);
    return entry ? [{ path, blob: entry.blob }] : [];
  });
  mkdirSync(scratch, { recursive: true });
  const isMuch = commit !== undefined && wanted.length > fewFiles && [...entries.keys()].every(isPlainName);
  const lazy = isMuch ? lazyFiles(repository, { commit, files: wanted, scratch }) : null;
  const missing = lazy ? [] : await writeBlobs(wanted, repository.git, scratch);
  const problems: InputProblem[] = [
    ...outside.map((path) => ({ path, reason: 'refused: the path leads out of the tree' })),
    ...missing.map(({ path, why }) => ({ path, reason: sayNoBlob(why) })),
  ];
  const inScratch = new Set(wanted.map(({ path }) => path));
  const rootOf = (path: string): string =>
    repository.workTree === null || inScratch.has(path) ? scratch : repository.workTree;
  return {
    entries,
    tree: revisionTree({ repository, entries, sources, files, problems, inScratch, lazy, rootOf, scratch }),
  };
}

/** Whether `git grep` prints a name as git lists it. */
function isPlainName(path: string): boolean {
  return !/[\n\ufffd]/.test(path);
}

/**
 * Whether a file is read though it is neither source nor documentation: makefiles have the version, the names of drivers and
 * what belongs to them, MAINTAINERS has the people.
 */
function isFurther(path: string): boolean {
  return path === 'MAINTAINERS' || isMakefile(path);
}

/** Whether a path leads out of its tree. Git makes no such tree objects, but it lists those that somebody made. */
function climbs(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..');
}

/** The files that differ between the work tree and the revision; null if there is no work tree. */
async function differentFiles(repository: Repository, commit: string): Promise<ReadonlySet<string> | null> {
  if (!hasWorkTree(repository)) return null;
  const { env } = repository.git;
  const [changed, left] = await Promise.all([filesUnlike(repository, commit, env), leftOutFiles(repository.git)]);
  return new Set([...changed, ...left]);
}

interface Parts {
  readonly repository: Repository;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly sources: readonly string[];
  readonly files: readonly (readonly [string, Entry])[];
  readonly problems: InputProblem[];
  readonly inScratch: ReadonlySet<string>;
  /** Where the files are many: what reads them from git; `inScratch` names them. */
  readonly lazy: LazyFiles | null;
  readonly scratch: string;
  rootOf(path: string): string;
}

function revisionTree({
  repository,
  entries,
  sources,
  files,
  problems,
  inScratch,
  lazy,
  scratch,
  rootOf,
}: Parts): SourceTree {
  const remember = (problem: InputProblem): void => {
    if (!problems.some((known) => known.path === problem.path)) problems.push(problem);
  };
  return {
    name: repository.name,
    sources,
    documentation: files.flatMap(([path]) => (isDocument(path) ? [path] : [])).sort(),
    problems,
    read(path) {
      const entry = entries.get(path);
      if (!entry || !isFile(entry)) return undefined;
      if (lazy?.has(path)) {
        const bytes = lazy.read(path);
        if (Buffer.isBuffer(bytes)) return decodeSource(bytes);
        remember(bytes);
        return undefined;
      }
      try {
        return decodeSource(readFileSync(join(rootOf(path), path)));
      } catch (error) {
        remember({ path, reason: `cannot be read: ${errorCode(error)}` });
        return undefined;
      }
    },
    has: (path) => entries.has(path),
    // A file of the work tree may be written otherwise than git keeps it.
    stampOf(path) {
      const entry = inScratch.has(path) ? entries.get(path) : undefined;
      return entry && isFile(entry) && entry.blob !== '' ? `blob ${entry.blob}` : undefined;
    },
    async search(paths, words, exports) {
      const inFolder = paths.filter((path) => !inScratch.has(path));
      const inGit = paths.filter((path) => inScratch.has(path));
      const parts = [
        searchInParallel({ root: repository.workTree ?? scratch, paths: inFolder, words, exports }),
        lazy ? lazy.search(inGit, words, exports) : searchInParallel({ root: scratch, paths: inGit, words, exports }),
      ];
      const result = joinResults(await Promise.all(parts), words.length);
      for (const problem of result.problems) remember(problem);
      return result;
    },
  };
}

function joinResults(parts: readonly SearchResult[], words: number): SearchResult {
  return {
    hits: Array.from({ length: words }, (_, index) => parts.flatMap((part) => part.hits[index] ?? []).sort()),
    exports: parts.flatMap((part) => part.exports).sort(([, left], [, right]) => compareText(left, right)),
    problems: parts.flatMap((part) => part.problems),
  };
}
