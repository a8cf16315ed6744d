import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gitEnvironment } from './environment.js';

describe('the environment that git starts from', () => {
  it('has no variable of git but who the user is, where their configuration lies, and what we set', () => {
    const hook = {
      PATH: '/bin',
      HOME: '/home/x',
      GIT_DIR: '/linux/.git',
      GIT_INDEX_FILE: '/linux/.git/index',
      GIT_WORK_TREE: '/linux',
      git_dir: 'where names of variables have no case',
      GIT_COMMITTER_NAME: 'A. Developer',
      GIT_CONFIG_GLOBAL: '/home/x/gitconfig',
      GIT_TRACE: '1',
    };
    assert.deepEqual(gitEnvironment(hook), {
      PATH: '/bin',
      HOME: '/home/x',
      GIT_COMMITTER_NAME: 'A. Developer',
      GIT_CONFIG_GLOBAL: '/home/x/gitconfig',
      LC_ALL: 'C.UTF-8',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ATTR_NOSYSTEM: '1',
      GIT_NO_LAZY_FETCH: '1',
      GIT_PAGER: 'cat',
    });
  });

  it('keeps safe.directory of the settings given by variables, and adds those of the call', () => {
    const given = {
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.worktree',
      GIT_CONFIG_VALUE_0: '/elsewhere',
      GIT_CONFIG_KEY_1: 'safe.directory',
      GIT_CONFIG_VALUE_1: '*',
    };
    const { GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, GIT_CONFIG_KEY_1 } = gitEnvironment(given, [
      ['filter.a=b.clean', ''],
    ]);
    assert.deepEqual(
      { GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, GIT_CONFIG_KEY_1 },
      {
        GIT_CONFIG_COUNT: '2',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        GIT_CONFIG_KEY_1: 'filter.a=b.clean',
      },
    );
  });
});
