import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyFixture } from './example-tree.js';

/** A git repository of a test, with a fixture tree's core as its first commit on the branch `main`. */
export interface ExampleRepository {
  readonly folder: string;
  /** Runs git there; returns what it prints. */
  git(...args: readonly string[]): string;
  write(path: string, text: string): void;
  /** Replaces text in a file, which must be there. */
  edit(path: string, from: string, to: string): void;
  /** Commits everything; returns the commit's name. */
  commit(subject: string): string;
}

const settings = [
  'user.name=A. Developer',
  'user.email=dev@example.org',
  'commit.gpgSign=false',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);
const environment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_DATE: '2026-01-12T12:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-12T12:00:00Z',
};

/** Makes one in a folder that does not exist yet. */
export function makeRepository(folder: string, tree: string): ExampleRepository {
  cpSync(firstCommitOf(tree), folder, { recursive: true });
  return repositoryIn(folder);
}

const made = new Map<string, string>();
// Tests may name another folder for what is temporary, and look at what is left there.
const temporary = tmpdir();

/** A repository with a tree as its first commit. It is made once in a process, and copied. */
function firstCommitOf(tree: string): string {
  const known = made.get(tree);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(temporary, 'first-commit-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  made.set(tree, folder);
  copyFixture(tree, folder);
  const repository = repositoryIn(folder);
  repository.git('init', '--quiet', '--initial-branch=main');
  repository.commit('base');
  return folder;
}

function repositoryIn(folder: string): ExampleRepository {
  const run = (...args: readonly string[]): string =>
    execFileSync('git', [...settings, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    git: run,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    edit(path, from, to) {
      const text = readFileSync(join(folder, path), 'utf8');
      if (!text.includes(from)) throw new Error(`${path}: does not hold '${from}'`);
      writeFileSync(join(folder, path), text.replaceAll(from, to));
    },
    commit(subject) {
      run('add', '--all');
      run('commit', '--quiet', '--allow-empty', '--message', subject);
      return head(join(folder, '.git')) ?? run('rev-parse', 'HEAD').trim();
    },
  };
}

/** The commit that is checked out, read without git; undefined where it is not as plain as after a commit. */
function head(gitFolder: string): string | undefined {
  try {
    const text = readFileSync(join(gitFolder, 'HEAD'), 'utf8').trim();
    return text.startsWith('ref: ') ? readFileSync(join(gitFolder, text.slice('ref: '.length)), 'utf8').trim() : text;
  } catch {
    return undefined;
  }
}
