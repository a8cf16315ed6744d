import { type Environment, temporaryFolder } from '../../base/environment.js';

/**
 * The variables of a user's that git may see: who makes commits, and where the user's own configuration lies. They
 * name no repository, no object store, no program, and they change nothing of what git prints.
 */
const kept: ReadonlySet<string> = new Set([
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
]);

/** What we set for every call of git. */
const own: Readonly<Record<string, string>> = {
  LC_ALL: 'C.UTF-8',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PAGER: 'cat',
};

/** A setting of git's configuration, which holds for one call. */
export type GitSetting = readonly [key: string, value: string];

/**
 * The environment that git starts from. Git sets variables for its hooks, for aliases and for `git rebase --exec`, and
 * each of them would lead a command of ours into the repository of the caller: GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE,
 * GIT_OBJECT_DIRECTORY and others. So all `GIT_*` variables are removed but the few that {@link kept} names. Of
 * settings given by GIT_CONFIG_COUNT only `safe.directory` stays, which containers are set up with that way.
 *
 * @param base the user's environment
 * @param settings further configuration, by environment: on a command line, a key could not hold an equal sign
 */
export function gitEnvironment(base: Environment, settings: readonly GitSetting[] = []): Environment {
  const inherited = Object.entries(base).filter(([name]) => !name.toUpperCase().startsWith('GIT_') || kept.has(name));
  return { ...Object.fromEntries(inherited), ...own, ...configuration([...safeDirectories(base), ...settings]) };
}

/** For commands that work on text alone: a repository that happens to lie around them is not looked at. */
export const noRepository: Readonly<Record<string, string>> = { GIT_DIR: '/dev/null' };

/** Where such commands run. */
export function noRepositoryFolder(env: Environment): string {
  return temporaryFolder(env);
}

/** Names a repository, so that git does not look for one. @param workTree null for a bare repository */
export function namedRepository(gitFolder: string, workTree: string | null): Readonly<Record<string, string>> {
  return workTree === null ? { GIT_DIR: gitFolder } : { GIT_DIR: gitFolder, GIT_WORK_TREE: workTree };
}

function safeDirectories(base: Environment): readonly GitSetting[] {
  const count = Math.min(Number(base['GIT_CONFIG_COUNT'] ?? 0) || 0, 1000);
  return Array.from(
    { length: count },
    (_, index): GitSetting => [base[`GIT_CONFIG_KEY_${index}`] ?? '', base[`GIT_CONFIG_VALUE_${index}`] ?? ''],
  ).filter(([key]) => key.toLowerCase() === 'safe.directory');
}

function configuration(settings: readonly GitSetting[]): Readonly<Record<string, string>> {
  if (settings.length === 0) return {};
  return Object.fromEntries([
    ...settings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
    ['GIT_CONFIG_COUNT', String(settings.length)],
  ]);
}
