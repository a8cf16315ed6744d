import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../examples/user-git.js';
import { ownGit } from '../kernels/kernel-repository.js';

/** Transfer encodings and line ends of a mail. */
export const encodings = ['8bit', 'quoted-printable', 'base64'] as const;
export type Encoding = (typeof encodings)[number];

// A line that git begins each patch with; the date is always the same.
const patchStart = /^(?=From [0-9a-f]{40} Mon Sep 17 00:00:00 2001$)/m;

/**
 * @param repository where the branch is
 * @param branch of a series on `main`
 * @returns the patches as one mailbox, as `git format-patch` writes them, with a `base-commit:` line
 */
export async function mboxOf(repository: string, branch: string): Promise<string> {
  const args = ['format-patch', '--quiet', '--stdout', '--base=main', `main..${branch}`];
  return (await git(args, { cwd: repository, env: ownGit })).toString('utf8');
}

/**
 * Writes the patches of a branch into a folder, one file each.
 * @returns their paths, in order
 */
export async function patchFiles(repository: string, branch: string, folder: string): Promise<readonly string[]> {
  const args = ['format-patch', '--quiet', `--output-directory=${folder}`, '--base=main', `main..${branch}`];
  await git(args, { cwd: repository, env: ownGit });
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** The mails of a mailbox that git wrote. */
export function mailsOf(mbox: string): readonly string[] {
  return mbox.split(patchStart);
}

/** The same mailbox in another encoding. `git send-email --transfer-encoding` and mail servers choose one of these. */
export function encodeMbox(mbox: string, encoding: Encoding): string {
  return mailsOf(mbox)
    .map((mail) => encodeMail(mail, encoding))
    .join('');
}

function encodeMail(mail: string, encoding: Encoding): string {
  const end = mail.indexOf('\n\n') + 1;
  const [head, body] = [mail.slice(0, end), mail.slice(end + 1)];
  if (!/^Content-Transfer-Encoding: 8bit$/m.test(head)) throw new Error('git wrote a mail without its encoding');
  const newHead = head.replace(/^(Content-Transfer-Encoding: ).*/m, `$1${encoding}`);
  return `${newHead}\n${encodeBody(body, encoding)}`;
}

function encodeBody(body: string, encoding: Encoding): string {
  const bytes = Buffer.from(body);
  switch (encoding) {
    case '8bit':
      return body;
    case 'base64':
      return `${bytes.toString('base64').replace(/.{1,76}/g, '$&\n')}\n`;
    case 'quoted-printable':
      return bytes.toString('latin1').split('\n').map(quoteLine).join('\n');
  }
}

/** One line as RFC 2045 has it: at most 76 characters, all of them printable ASCII, blanks at the end not left bare. */
function quoteLine(line: string): string {
  const characters = [...line].map((character, index) => {
    const isPlain = /[!-<>-~]/.test(character) || (/[ \t]/.test(character) && index < line.length - 1);
    const isFrom = index === 0 && line.startsWith('From ');
    return isPlain && !isFrom ? character : `=${hexadecimal(character)}`;
  });
  const pieces: string[] = [''];
  for (const character of characters) {
    const piece = pieces.at(-1) ?? '';
    if (piece.length + character.length > 75) pieces.push(character);
    else pieces[pieces.length - 1] = piece + character;
  }
  return pieces.join('=\n');
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
