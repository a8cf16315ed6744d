import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { formatPatches, userIdentity } from './format-patch.js';
import { GitError, git } from './git.js';

const zoe = { name: 'Zoë Maintainer', email: 'zoe@example.org' };

describe('patches', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patch-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('apply one after the other with git am, and give the texts that were asked for', async () => {
    const patches = await formatPatches(
      [
        { subject: 'dma-buf: one', body: 'Why.', files: [{ path: 'a/x.h', before: 'one\ntwo\n', after: 'one\n2\n' }] },
        {
          subject: 'dma-buf: two',
          body: 'Because.',
          files: [
            { path: 'a/x.h', before: 'one\ntwo\n', after: 'ONE\n2\n' },
            { path: 'new', before: null, after: 'new\n' },
          ],
        },
      ],
      { identity: zoe, isSigned: true, seconds: 1_700_000_000, signature: 'signature 1' },
      process.env,
    );
    assert.deepEqual(
      patches.map(({ name }) => name),
      ['0001-dma-buf-one.patch', '0002-dma-buf-two.patch'],
    );
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_COMMITTER_NAME: 'x', GIT_COMMITTER_EMAIL: 'x@example.org' };
    const options = {
      cwd: folder,
      env: { ...process.env, ...env, GIT_AUTHOR_NAME: 'x', GIT_AUTHOR_EMAIL: 'x@example.org' },
    };
    await git(['init', '--quiet'], options);
    await git(['config', 'user.name', 'x'], options);
    await git(['commit', '--quiet', '--allow-empty', '--message=empty'], options);
    await (await import('node:fs/promises')).mkdir(join(folder, 'a'));
    writeFileSync(join(folder, 'a/x.h'), 'one\ntwo\n');
    await git(['add', '--all'], options);
    await git(['commit', '--quiet', '--message=base'], options);
    await git(['am', '--quiet'], { ...options, input: patches.map(({ text }) => text).join('') });
    assert.equal(readFileSync(join(folder, 'a/x.h'), 'utf8'), 'ONE\n2\n');
    assert.equal(readFileSync(join(folder, 'new'), 'utf8'), 'new\n');
    const log = (await git(['log', '-1', '--format=%an <%ae> %at%n%B'], options)).toString('utf8');
    assert.equal(
      log.trim(),
      'Zoë Maintainer <zoe@example.org> 1700000000\ndma-buf: two\n\nBecause.\n\nSigned-off-by: Zoë Maintainer <zoe@example.org>',
    );
  });

  it('are the same bytes each time, whatever the date', async () => {
    const make = () =>
      formatPatches(
        [{ subject: 's', body: 'b', files: [{ path: 'x', before: 'a\n', after: 'b\n' }] }],
        { identity: zoe, isSigned: true, seconds: 0, signature: 'signature 1' },
        process.env,
      );
    const [first, second] = [await make(), await make()];
    assert.deepEqual(first, second);
    assert.match(first[0]?.text ?? '', /^Date: Thu, 1 Jan 1970 00:00:00 \+0000$/m);
    assert.match(first[0]?.text ?? '', /\n-- \nsignature 1\n/);
  });

  it('are given up where somebody removes the scratch folder: git does not make it again', async () => {
    const [bin, said, made] = ['bin', 'said', 'made'].map((name) => join(folder, name)) as [string, string, string];
    mkdirSync(bin);
    // As if a signal ended the command while git reads what it is to import.
    const script = `case " $* " in *" fast-import "*) ;; *) PATH=$REAL exec git "$@";; esac
      PATH=$REAL
      {
        echo progress ready; while [ ! -s ${said} ]; do sleep 0.01; done
        rm -rf "$(dirname "$PWD")"; cat
      } | git "$@" >${said}
      if [ -e "$(dirname "$PWD")" ]; then touch ${made}; fi
      exit 1`;
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, REAL: process.env['PATH'] };
    const drafts = [{ subject: 's', body: 'b', files: [{ path: 'x', before: 'a\n', after: 'b\n' }] }];
    const stamp = { identity: zoe, isSigned: true, seconds: 0, signature: 'signature 1' };
    await assert.rejects(formatPatches(drafts, stamp, env), GitError);
    assert.match(readFileSync(said, 'utf8'), /ready/);
    assert.equal(existsSync(made), false);
  });

  it('are signed off by whom the repository names', async () => {
    const { GIT_COMMITTER_NAME: _name, GIT_COMMITTER_EMAIL: _email, ...env } = process.env;
    await git(['init', '--quiet'], { cwd: folder, env });
    await git(['config', 'user.name', 'Here'], { cwd: folder, env });
    await git(['config', 'user.email', 'here@example.org'], { cwd: folder, env });
    assert.deepEqual(await userIdentity(folder, env), { name: 'Here', email: 'here@example.org' });
  });
});
