import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { edited, good, leak } from '../../dev/examples/leaking-driver.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

let top: string;
let linux: ExampleRepository;

const one = 'drivers/one/one.c';
const other = 'drivers/other/other.c';
const driver = (name: string, isGood: boolean): string =>
  (isGood ? good : edited(good, leak)).replaceAll('ex_', `${name}_`);

/** The mails of a revision, which adds both drivers; a driver whose name is given leaks. */
function revision(version: number, ...leaking: readonly string[]): string {
  linux.git('checkout', '--quiet', '--force', '--detach', 'main');
  linux.write(one, driver('one', !leaking.includes('one')));
  linux.commit('one: import buffers');
  // The code around a finding may be edited: it is the same finding.
  linux.write(
    other,
    driver('other', !leaking.includes('other')).replace('attach;\n\tint ret', `attach;\n\tint v${version};\n\tint ret`),
  );
  linux.commit('other: import buffers');
  const mails = linux.git('format-patch', '--stdout', '--thread', '--cover-letter', `-v${version}`, 'main..HEAD');
  // Git names cover letters by the second.
  return mails.replaceAll('<cover.', `<cover.${version}.`);
}

before(() => {
  top = mkdtempSync(join(tmpdir(), 'previous-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  const mails = [revision(6, 'one', 'other'), revision(7, 'other')].join('');
  writeFileSync(join(top, 'both.mbox'), mails.replaceAll('*** SUBJECT HERE ***', 'drivers: import buffers'));
});
after(() => rmSync(top, { recursive: true }));

const run = (...args: readonly string[]) =>
  runCommand(['series', '../both.mbox', '--base', 'main', ...args], { cwd: linux.folder });

describe('a series whose mailbox holds the revision before', () => {
  it('is compared with that, as text', async () => {
    const { stdout } = await run('--format', 'text');
    const lines = stdout.slice(stdout.indexOf('\nv6 -> v7\n') + 1).split('\n');
    assert.match(lines[1] ?? '', /^ {2}2\/2 still: drivers\/other\/other\.c:\d+: .* \[attach-leak\]$/);
    assert.match(lines[2] ?? '', /^ {2}1\/2 resolved: drivers\/one\/one\.c: .* \[attach-leak\]$/);
    assert.equal(lines[3], '');
  });

  it('is compared with that, as Markdown, and as data', async () => {
    const { stdout } = await run('--format', 'markdown');
    assert.match(stdout, /^## v6 -> v7$/m);
    assert.match(stdout, /^- 2\/2 still: `drivers\/other\/other\.c:\d+`: .* \(attach-leak\)$/m);
    assert.match(stdout, /^- 1\/2 resolved: `drivers\/one\/one\.c`: .* \(attach-leak\)$/m);
    const { since } = JSON.parse((await run('--format', 'json')).stdout);
    const brief = (list: readonly { readonly patch: string; readonly file: string }[]) =>
      list.map(({ patch, file }) => [patch, file]);
    assert.deepEqual(
      [since.previous, since.next, brief(since.still), brief(since.resolved)],
      ['v6', 'v7', [['2/2', other]], [['1/2', one]]],
    );
  });

  it('is compared with that in the reply to the cover letter and in that to the patch', async () => {
    const [, cover = '', patch = ''] = (await run('--format', 'mail')).stdout.split(/^From dmabuf-lint.*\n/m);
    assert.match(cover, /^Subject: Re: \[PATCH v7 0\/2\] drivers: import buffers$/m);
    assert.match(cover, /^v6 -> v7:\n- 2\/2 still: drivers\/other\/other\.c:\d+: /m);
    assert.match(cover, /^- 1\/2 resolved: drivers\/one\/one\.c: /m);
    assert.match(patch, /^v6 had this, too\.$/m);
  });

  it('is not where that applies nowhere, which is said', async () => {
    const mails = revision(1, 'one').replace(/^\+static const struct dma_buf_attach_ops/m, '-static int gone;\n$&');
    writeFileSync(join(top, 'odd.mbox'), mails.replace(/^@@ -0,0 /gm, '@@ -1,1 ') + revision(2));
    const { stdout } = await runCommand(['series', '../odd.mbox', '--base', 'main', '--format', 'text'], {
      cwd: linux.folder,
    });
    assert.match(stdout, /^note: v1 does not apply to this tree: v2 is not compared with it$/m);
    assert.doesNotMatch(stdout, /v1 -> v2/);
  });
});

describe('a series without a revision before', () => {
  it('is compared with nothing', async () => {
    writeFileSync(join(top, 'alone.mbox'), revision(7, 'other'));
    const { stdout } = await runCommand(['series', '../alone.mbox', '--base', 'main', '--format', 'json'], {
      cwd: linux.folder,
    });
    assert.equal(JSON.parse(stdout).since, undefined);
  });
});
