import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../base/errors.js';

/** A file or folder that could not be read, and the reason. The path is relative to the tree. */
export interface InputProblem {
  readonly path: string;
  readonly reason: string;
}

/** The files of a tree. */
export interface Walk {
  /** Paths of all C sources and headers, relative to the root, with `/`, sorted. */
  readonly sources: readonly string[];
  /** Paths of the documentation files below Documentation/ (.rst and .txt), sorted. */
  readonly documentation: readonly string[];
  /** Paths of all makefiles, sorted. */
  readonly makefiles: readonly string[];
  readonly problems: readonly InputProblem[];
}

const sourcePattern = /\.[ch]$/;
const documentPattern = /^Documentation\/.*\.(rst|txt)$/;

/** Whether a path names a C source or header. */
export function isSource(path: string): boolean {
  return sourcePattern.test(path);
}

/** Whether a path names a documentation file: .rst or .txt below Documentation/. */
export function isDocument(path: string): boolean {
  return documentPattern.test(path);
}

/** Whether a path names a makefile of kbuild. */
export function isMakefile(path: string): boolean {
  return /(?:^|\/)(?:Makefile|Kbuild)$/.test(path);
}

/**
 * Lists the files of a kernel tree. `.gitignore` is not honoured: Debian's kernel sources end theirs with `/*`.
 * Symbolic links to folders are not followed (device-tree include folders form loops). A link to a file is listed only if
 * it points out of the tree: a file inside the tree is listed under its own name.
 */
export function walkTree(root: string): Walk {
  return sorted(walkBelow({ root, realRoot: realpathSync(root) }, '', Number.POSITIVE_INFINITY));
}

/** The top of a tree: as named, and with symbolic links resolved, to compare link targets with. */
export interface Root {
  readonly root: string;
  readonly realRoot: string;
}

/** The files in a part of a tree, unsorted. */
export interface PartialWalk extends Walk {
  /** The folders that are still to be walked. */
  readonly folders: readonly string[];
}

/** Lists the files in a folder of a tree, down to `depth` levels below it. */
export function walkBelow({ root, realRoot }: Root, top: string, depth: number): PartialWalk {
  const sources: string[] = [];
  const documentation: string[] = [];
  const makefiles: string[] = [];
  const folders: string[] = [];
  const problems: InputProblem[] = [];

  const visit = (folder: string, level: number): void => {
    let entries: ReturnType<typeof readEntries>;
    try {
      entries = readEntries(join(root, folder));
    } catch (error) {
      problems.push({ path: folder, reason: `folder cannot be read: ${errorCode(error)}` });
      return;
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name === '.git') continue;
        if (level < depth) visit(path, level + 1);
        else folders.push(path);
      } else if (isSource(entry.name)) {
        if (entry.isFile() || (entry.isSymbolicLink() && leadsOutside(join(root, path), realRoot))) sources.push(path);
      } else if (entry.isFile() && isDocument(path)) {
        documentation.push(path);
      } else if (entry.isFile() && isMakefile(entry.name)) {
        makefiles.push(path);
      }
    }
  };
  visit(top, 0);
  return { sources, documentation, makefiles, problems, folders };
}

/** All files of a walk: what an analysis may read. */
export function filesOf({ sources, documentation, makefiles }: Walk): readonly string[] {
  return [...sources, ...documentation, ...makefiles];
}

/** Sorts the lists of a walk. */
export function sorted({ sources, documentation, makefiles, problems }: Walk): Walk {
  return {
    sources: [...sources].sort(),
    documentation: [...documentation].sort(),
    makefiles: [...makefiles].sort(),
    problems: [...problems].sort((left, right) => (left.path < right.path ? -1 : 1)),
  };
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function leadsOutside(link: string, realRoot: string): boolean {
  try {
    const target = realpathSync(link);
    return !target.startsWith(`${realRoot}/`) && statSync(target).isFile();
  } catch {
    return false; // dangling, or a loop
  }
}
