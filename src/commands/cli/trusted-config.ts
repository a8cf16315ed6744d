import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { rules } from '../../../rules/index.js';
import { askGit } from '../../input/git/git.js';
import { parseBaseline } from '../../lint/baseline/baseline-file.js';
import { type Baseline, type Config, configName, defaultConfig, parseConfig } from '../../lint/index.js';
import { givenBaseline } from '../scan/only-new.js';
import { findConfig } from './config.js';
import { type CommandContext, standardStream, userPath } from './context.js';

/** The tree before the change that is judged: what it says of itself counts. */
export interface TrustedTexts {
  /** Its commit; null for a tree without git, which no patch changes. */
  readonly commit: string | null;
  text(path: string): Promise<string | null>;
}

/** A setting that is used, and where it comes from. */
export interface Trusted<Value> {
  readonly value: Value;
  /** The file of the tree, which git knows; null where it lies elsewhere. */
  readonly path: string | null;
  /** The paths in the tree of a file that the user named, and that git does not know. */
  readonly own: readonly string[];
}

/**
 * The configuration for judging a change: that of the tree before it. A file that the user names counts as it was before
 * the change too, if git knows it; other files are the user's own.
 * @param folder the tree, as the user names it
 * @throws ConfigError
 */
export async function trustedConfig(
  folder: string,
  named: string | undefined,
  trusted: TrustedTexts,
  context: CommandContext,
): Promise<Trusted<Config>> {
  const usual: Found = { path: configName, own: [] };
  const { path, own } = named === undefined ? usual : await findTracked(folder, named, trusted, context);
  const { commit } = trusted;
  if (commit === null || path === null) return { value: await findConfig(folder, named, context), path: null, own };
  const text = await trusted.text(path);
  if (text === null) return { value: defaultConfig, path, own };
  const ids = rules.map(({ id }) => id);
  return { value: parseConfig(text, nameIn(commit, path), ids, join(folder, dirname(path))), path, own };
}

/**
 * The baseline for judging a change, chosen in the same way.
 * @param named the file, as the user or the configuration names it
 * @throws ConfigError
 */
export async function trustedBaseline(
  folder: string,
  named: string,
  trusted: TrustedTexts,
  context: CommandContext,
): Promise<Trusted<Baseline>> {
  const { path, own } = await findTracked(folder, named, trusted, context);
  const { commit } = trusted;
  if (commit === null || path === null) return { value: await givenBaseline(named, context), path: null, own };
  const text = await trusted.text(path);
  if (text === null) return { value: { path: named, entries: [] }, path, own };
  return { value: { ...parseBaseline(text, nameIn(commit, path)), path: named }, path, own };
}

/** A file of a revision, as git names it. */
function nameIn(commit: string, path: string): string {
  return `${commit.slice(0, 12)}:${path}`;
}

type Found = Pick<Trusted<unknown>, 'path' | 'own'>;

/**
 * Finds in the tree a file that git knows, before the change or now.
 * @param named the file, as the user names it
 */
export async function findTracked(
  folder: string,
  named: string,
  { commit, text }: TrustedTexts,
  context: CommandContext,
): Promise<Found> {
  if (named === standardStream) return { path: null, own: [] };
  const top = userPath(context, folder);
  const inTree = pathsInTree(top, userPath(context, named));
  if (commit === null) return { path: null, own: inTree };
  for (const path of inTree) if ((await text(path)) !== null) return { path, own: [] };
  for (const path of inTree) {
    const ask = ['ls-files', '--error-unmatch', '--', path];
    if ((await askGit(ask, { cwd: top, env: context.env })).code === 0) return { path, own: [] };
  }
  return { path: null, own: inTree };
}

/** A path as it is named and as its links lead, as far as it lies in the tree. */
function pathsInTree(top: string, path: string): readonly string[] {
  const below = [relative(resolve(top), resolve(path)), relative(realOf(top), realOf(path))];
  return [...new Set(below)]
    .map((one) => one.split(sep).join('/'))
    .filter((one) => one !== '' && one !== '..' && !one.startsWith('../') && !one.startsWith('/'));
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
