import { decodeSource } from '../../tree/decode.js';
import { askGit } from '../git.js';
import type { Repository } from '../repository.js';

/** What `git grep` found in the files of a commit. */
export interface Grepped {
  /** For each word, in the order of the request, the paths of the files that contain it. */
  readonly hits: readonly ReadonlySet<string>[];
  /** Each exported symbol with the file that exports it, in the order of the files. */
  readonly exports: readonly (readonly [symbol: string, path: string])[];
  /** The files with an `EXPORT_SYMBOL(` whose symbol stands on a later line. */
  readonly broken: ReadonlySet<string>;
}

/** What to look for. */
interface GrepRequest {
  readonly commit: string;
  readonly words: readonly string[];
  readonly exports: boolean;
  /** Patterns of the names of files; empty for all. */
  readonly pathspecs: readonly string[];
}

const exportWord = 'EXPORT_SYMBOL';

/**
 * Searches the files of a commit for words, as bytes. Nothing is written, and no attribute of the tree counts.
 * @returns null where git cannot read some file, as in a partial clone
 */
export async function grepCommit(
  repository: Repository,
  { commit, words, exports, pathspecs }: GrepRequest,
): Promise<Grepped | null> {
  const wanted = exports ? [...words, exportWord] : words;
  const form = ['-a', '-z', '-F', '-H', '--no-color', '--no-line-number', '--no-column', '--full-name'];
  const patterns = wanted.flatMap((word) => ['-e', word]);
  // Unlike other calls, this one needs patterns of names.
  const args = ['--no-literal-pathspecs', 'grep', ...form, ...patterns, commit, '--', ...pathspecs];
  const { code, stdout, stderr } = await askGit(args, repository.git);
  if (code > 1 || stderr !== '') return null;
  return readLines(stdout, { commit, words, exports });
}

function readLines(
  output: Buffer,
  { commit, words, exports }: Pick<GrepRequest, 'commit' | 'words' | 'exports'>,
): Grepped {
  const hits = words.map(() => new Set<string>());
  const found: [string, string][] = [];
  const broken = new Set<string>();
  const start = commit.length + 1;
  let [raw, path] = ['', ''];
  for (const line of output.toString('latin1').split('\n')) {
    const end = line.indexOf('\0');
    if (end < 0) continue;
    const name = line.slice(start, end);
    if (name !== raw) [raw, path] = [name, decodeSource(Buffer.from(name, 'latin1'))];
    const text = line.slice(end + 1);
    words.forEach((word, index) => {
      if (text.includes(word)) hits[index]?.add(path);
    });
    if (!exports || !path.endsWith('.c') || !text.includes(exportWord)) continue;
    for (const [, symbol] of text.matchAll(/EXPORT_SYMBOL\w*\(\s*(\w+)/g)) if (symbol) found.push([symbol, path]);
    if (/EXPORT_SYMBOL\w*\(\s*$/.test(text)) broken.add(path);
  }
  return { hits, exports: found.filter(([, file]) => !broken.has(file)), broken };
}
