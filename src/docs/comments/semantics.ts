import { readdirSync } from 'node:fs';
import type { Root } from 'mdast';
import { ownValue } from '../../base/own-value.js';
import { parseText, sourceFolder } from '../source.js';
import { isMapping, listAt, readFrontMatter, wordsAt } from './front-matter.js';

/** One thing that a comment should say: a file of its own below semantics/. */
export interface StatementText {
  readonly id: string;
  /** What it says, for messages: the comment `does not say ...`. */
  readonly tells: string;
  /** The text, with its conditions and placeholders. */
  readonly root: Root;
  /** Phrases, see phrase.ts; the statement is made where sentences have all the phrases of one entry. */
  readonly said: readonly (readonly string[])[];
  /** Whether a paragraph that says that pinned importers are left alone contradicts it. */
  readonly isDenied: boolean;
  /** It goes before the other paragraphs. */
  readonly isFirst: boolean;
  /** It goes before the paragraph that begins with these words. */
  readonly before: string | null;
  /** Another statement; only if the comment makes that in words that are not ours, this one is needed too. */
  readonly completes: string | null;
}

/** Words of a comment that are wrong in some trees. */
export interface CorrectionText {
  /** A blank stands for any white space, also for the end of a comment's line. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong about the words; null for a slip, or where they hold a stale name, which is reported as such. */
  readonly why: string | null;
  /** Conditions of the dialect, parted by blanks. */
  readonly when: string;
  /** A member that the tree must not have: `dma_buf.lock`. */
  readonly gone: string | null;
}

/** What a kernel-doc comment should say: a folder below semantics/. */
export interface CommentText {
  /** `dma_buf_pin()`, `dma_buf_ops.pin`, `DOC: locking convention`; null for all comments of {@link file}. */
  readonly subject: string | null;
  /** Which file the corrections are for where there is no subject. */
  readonly file: 'header' | 'core' | null;
  /** The title of the comment, for a tree that has none. */
  readonly brief: string;
  /** What the function returns, for such a tree. */
  readonly returns: string | null;
  /** A tree without its subject lacks nothing. */
  readonly isOptional: boolean;
  readonly statements: readonly StatementText[];
  readonly corrections: readonly CorrectionText[];
}

const folder = 'semantics';

let known: readonly CommentText[] | undefined;

/**
 * Reads all that kernel-doc comments should say. A new statement is a new file.
 * @throws Error if a file of ours is not as it should be
 */
export function commentTexts(): readonly CommentText[] {
  known ??= readdirSync(sourceFolder(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map(readComment);
  return known;
}

let words: ReadonlyMap<string, string> | undefined;

/** The words that phrases refer to as `<name>`. */
export function vocabulary(): ReadonlyMap<string, string> {
  words ??= new Map(
    Object.entries(readFrontMatter(`${folder}/vocabulary.md`).data).map(([name, list]) => [name, String(list)]),
  );
  return words;
}

function readComment(name: string): CommentText {
  const path = `${folder}/${name}`;
  const { data } = readFrontMatter(`${path}/comment.md`);
  const file = wordsAt(data, 'file') ?? null;
  if (file !== null && file !== 'header' && file !== 'core') throw new Error(`src/docs/${path}: no such file: ${file}`);
  return {
    subject: wordsAt(data, 'subject') ?? null,
    file,
    brief: wordsAt(data, 'brief') ?? '',
    returns: wordsAt(data, 'returns') ?? null,
    isOptional: ownValue(data, 'optional') === true,
    corrections: listAt(data, 'corrections').map(readCorrection),
    statements: readdirSync(sourceFolder(path))
      .filter((each) => /^\d+-.*\.md$/.test(each))
      .sort()
      .map((each) => readStatement(path, each)),
  };
}

function readStatement(path: string, name: string): StatementText {
  const { data, body } = readFrontMatter(`${path}/${name}`);
  const tells = wordsAt(data, 'tells');
  if (tells === undefined) throw new Error(`src/docs/${path}/${name}: front matter needs 'tells'`);
  return {
    id: name.replace(/^\d+-|\.md$/g, ''),
    tells,
    root: parseText(body),
    said: listAt(data, 'said').map((entry) => (Array.isArray(entry) ? entry : [entry]).map(String)),
    isDenied: ownValue(data, 'denied') === true,
    isFirst: ownValue(data, 'first') === true,
    before: wordsAt(data, 'before') ?? null,
    completes: wordsAt(data, 'completes') ?? null,
  };
}

function readCorrection(entry: unknown): CorrectionText {
  const data = isMapping(entry) ? entry : {};
  const [find, replace] = [wordsAt(data, 'find'), wordsAt(data, 'replace')];
  if (find === undefined || replace === undefined) throw new Error("a correction needs 'find' and 'replace'");
  return {
    find,
    replace,
    why: wordsAt(data, 'why') ?? null,
    when: wordsAt(data, 'when') ?? '',
    gone: wordsAt(data, 'gone') ?? null,
  };
}
