import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { GitError, git } from './git.js';

/** Runs git with an alias that ends git itself by a signal. */
const endedBy = (signal: string) =>
  git(['-c', `alias.x=!kill -${signal} $PPID; sleep 1`, 'x'], { cwd: tmpdir(), env: process.env });

describe('a git that a signal ends', () => {
  it('is told in one line, without the command line, and with the limit that it reached', async () => {
    await assert.rejects(endedBy('XFSZ'), {
      constructor: GitError,
      message: 'git x: a file would become larger than allowed (ulimit -f)',
    });
    await assert.rejects(endedBy('USR1'), { message: 'git x: ended by SIGUSR1' });
  });
});
