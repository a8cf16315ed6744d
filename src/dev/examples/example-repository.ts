import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const identity = ['-c', 'user.name=A. Developer', '-c', 'user.email=dev@example.org', '-c', 'commit.gpgSign=false'];
const environment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_DATE: '2026-01-12T12:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-12T12:00:00Z',
};

/** Makes one in a folder that does not exist yet. */
export function makeRepository(folder: string, tree: string): ExampleRepository {
  mkdirSync(folder, { recursive: true });
  const run = (...args: readonly string[]): string =>
    execFileSync('git', [...identity, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  copyFixture(tree, folder);
  const repository: ExampleRepository = {
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
      return run('rev-parse', 'HEAD').trim();
    },
  };
  run('init', '--quiet', '--initial-branch=main');
  repository.commit('base');
  return repository;
}
