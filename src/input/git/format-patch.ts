import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../base/environment.js';
import { UserError } from '../../base/errors.js';
import { withScratch } from '../../base/scratch.js';
import { namedRepository } from './environment.js';
import { askGit, git } from './git.js';

/** One patch to be made. */
export interface PatchDraft {
  readonly subject: string;
  /** The text of the commit message, wrapped, without trailers. */
  readonly body: string;
  /** `Cc: ...` and the like, without the sign-off. */
  readonly trailers?: readonly string[];
  readonly files: readonly { readonly path: string; readonly before: string | null; readonly after: string }[];
}

/** The letter that introduces a series. */
export interface CoverLetter {
  readonly subject: string;
  /** Wrapped. */
  readonly body: string;
  /** Who gets it. */
  readonly cc: readonly string[];
}

/** Who sends a patch. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/**
 * Who the user is, by environment and configuration.
 * @param folder whose repository, if it is one, may have its own configuration
 * @param env the user's environment
 * @throws UserError where git does not know
 */
export async function userIdentity(folder: string, env: Environment): Promise<Identity> {
  for (const cwd of [folder, undefined]) {
    const options = cwd === undefined ? { env } : { cwd, env };
    const { code, stdout } = await askGit(['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'], options);
    const [, name, email] = /^(.+) <([^>]+)> \d+/.exec(stdout.toString('utf8')) ?? [];
    if (code === 0 && name && email) return { name, email };
  }
  throw new UserError(
    "git does not know who you are, and patches need an author: run 'git config --global user.name' and 'user.email'",
  );
}

/** What all patches of a series have alike. */
export interface PatchStamp {
  /** Their author. */
  readonly identity: Identity;
  /** Whether the author signs them off. */
  readonly isSigned: boolean;
  /** Their date, in seconds since 1970. */
  readonly seconds: number;
  /** The last line of each. */
  readonly signature: string;
  /** Written as `0000-cover-letter.patch`; null for none. */
  readonly cover?: CoverLetter | null;
}

/**
 * The date that patches get: what `SOURCE_DATE_EPOCH` says, or now.
 * @returns seconds since 1970, and whether the environment fixes them
 */
export function patchDate(env: Environment): { readonly seconds: number; readonly isFixed: boolean } {
  const fixed = Number(env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const isFixed = Number.isSafeInteger(fixed) && fixed >= 0;
  return { seconds: isFixed ? fixed : Math.floor(Date.now() / 1000), isFixed };
}

/** Keeps the configuration of the user and of the machine from changing the form of a patch. */
const ownConfiguration: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/**
 * Makes patches as `git format-patch` writes them, each on top of those before it.
 * @param env the user's environment
 * @returns file names and texts, in order
 */
export async function formatPatches(
  drafts: readonly PatchDraft[],
  stamp: PatchStamp,
  env: Environment,
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const { identity, seconds, signature, cover } = stamp;
  return withScratch(env, async (scratch) => {
    const top = join(scratch, 'tree');
    await mkdir(top);
    // Only relative paths: git makes all folders of an absolute one. A git that outlives a killed command would make the
    // scratch folder again after it was removed.
    const out = '../patches';
    const options = {
      cwd: top,
      env,
      variables: { ...ownConfiguration, ...namedRepository('.git', '.'), ...environmentOf(identity, seconds) },
    };
    await git(['init', '--quiet', '--template=', '--object-format=sha1', '--initial-branch=patches'], options);
    const before = new Map<string, string>();
    for (const { path, before: text } of drafts.flatMap(({ files }) => files))
      if (text !== null && !before.has(path)) before.set(path, text);
    const commits = drafts.map((draft) => ({
      files: new Map(draft.files.map(({ path, after }) => [path, after])),
      message: messageOf(draft, stamp),
    }));
    await git(['fast-import', '--quiet'], {
      ...options,
      input: importStream([{ files: before, message: 'base' }, ...commits], stamp),
    });
    const form = [
      ...(cover ? ['--cover-letter'] : []),
      '--zero-commit',
      `--signature=${signature}`,
      '--output-directory',
      out,
    ];
    await git(['-c', 'core.abbrev=12', 'format-patch', '--quiet', ...form, `-${drafts.length}`], options);
    const made = join(top, out);
    const names = (await readdir(made)).sort();
    return Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(made, name), 'utf8');
        return { name, text: cover && name.startsWith('0000-') ? coverText(text, cover) : text };
      }),
    );
  });
}

/** The commit message of a patch. */
function messageOf({ subject, body, trailers = [] }: PatchDraft, { identity, isSigned }: PatchStamp): string {
  const signature = isSigned ? [`Signed-off-by: ${identity.name} <${identity.email}>`] : [];
  const last = [...trailers, ...signature];
  return [subject, body, ...(last.length > 0 ? [last.join('\n')] : [])].join('\n\n').concat('\n');
}

/** Fills in what git leaves to the author of a cover letter. */
function coverText(template: string, { subject, body, cc }: CoverLetter): string {
  const copies = cc.length > 0 ? `\nCc: ${cc.map(headerAddress).join(',\n    ')}` : '';
  return template
    .replace(/^(Subject: .*)\*\*\* SUBJECT HERE \*\*\*$/m, (_, start: string) => `${start}${subject}${copies}`)
    .replace('*** BLURB HERE ***', () => body);
}

/** An address in a header, where a name that is no plain word is quoted. */
function headerAddress(address: string): string {
  const [, name, mail] = /^(.*\S)\s*<([^>]*)>$/.exec(address) ?? [];
  if (name === undefined) return address;
  if (/[^\x20-\x7e]/.test(name)) return `=?UTF-8?B?${Buffer.from(name).toString('base64')}?= <${mail}>`;
  return /^[\w !#$%&'*+/=?^{|}~-]+$/.test(name) ? address : `"${name.replace(/[\\"]/g, '')}" <${mail}>`;
}

function environmentOf({ name, email }: Identity, seconds: number): Readonly<Record<string, string>> {
  const date = `@${seconds} +0000`; // without the @, git reads small numbers as another date format
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

/** A commit to be made, on top of the one before. */
interface NewCommit {
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
}

/** What `git fast-import` reads: all commits on the branch that is checked out, made by one process. */
function importStream(commits: readonly NewCommit[], { identity: { name, email }, seconds }: PatchStamp): Buffer {
  const who = `${name} <${email}> ${seconds} +0000`;
  const parts = commits.flatMap(({ files, message }) => [
    `commit refs/heads/patches\nauthor ${who}\ncommitter ${who}\n`,
    dataOf(cleaned(message)),
    ...[...files].flatMap(([path, text]) => [`M 100644 inline "${quoted(path)}"\n`, dataOf(text)]),
    '\n',
  ]);
  return Buffer.from(parts.join(''));
}

/** A message as `git commit --cleanup=whitespace` stores it: no blanks at the ends of lines, one empty line at a time. */
const cleaned = (message: string): string =>
  `${message
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;

const dataOf = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** A path between quotation marks, as git reads it. */
const quoted = (path: string): string => path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n');
