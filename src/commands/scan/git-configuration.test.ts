import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { author } from '../../dev/examples/author.js';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';
import { sample } from '../../dev/run/cases.js';

let top: string;
let linux: ExampleRepository;
let env: NodeJS.ProcessEnv;

/** Notes its name in a file: whoever runs it is found out. */
function trap(name: string): string {
  const path = join(top, 'traps', name);
  mkdirSync(join(top, 'traps'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${name} >>'${join(top, 'sprung')}'\ncat 2>/dev/null\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Nobody's: it is there to be looked at. */
const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';

const sprung = (): string => (existsSync(join(top, 'sprung')) ? readFileSync(join(top, 'sprung'), 'utf8') : '');

/** Everything that git would run on behalf of a tree or its configuration. */
function setTraps(): void {
  const settings: Readonly<Record<string, string>> = {
    'core.fsmonitor': trap('fsmonitor'),
    'core.pager': trap('pager'),
    'pager.log': trap('pager-log'),
    'pager.diff': trap('pager-diff'),
    'core.editor': trap('editor'),
    'core.sshCommand': trap('ssh'),
    'core.askPass': trap('askpass'),
    'core.alternateRefsCommand': trap('alternate-refs'),
    'credential.helper': trap('credential'),
    'diff.external': trap('external-diff'),
    'diff.odd.command': trap('driver-diff'),
    'diff.odd.textconv': trap('textconv'),
    'merge.odd.driver': trap('merge'),
    'filter.odd.clean': trap('clean'),
    'filter.odd.smudge': trap('smudge'),
    'filter.odd.required': 'true',
    'filter.od.d=2.process': trap('process'),
    'gpg.program': trap('gpg'),
    'log.showSignature': 'true',
    'alias.diff': `!${trap('alias')}`,
  };
  for (const [name, value] of Object.entries(settings)) linux.git('config', name, value);
  const hooks = join(linux.folder, '.git/hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of [
    'pre-commit',
    'post-commit',
    'commit-msg',
    'post-checkout',
    'post-index-change',
    'pre-applypatch',
  ])
    cpSync(trap(`hook-${hook}`), join(hooks, hook));
}

before(() => {
  top = mkdtempSync(join(tmpdir(), 'traps-'));
  mkdirSync(join(top, 'tmp'));
  env = { ...process.env, ...author, XDG_CACHE_HOME: join(top, 'cache'), TMPDIR: join(top, 'tmp') };
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write('.gitattributes', '*.c filter=odd diff=odd merge=odd\n*.h filter=od.d=2 diff=odd\n');
  linux.write('drivers/odd/odd.c', readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8'));
  const signed = `${linux.git('cat-file', 'commit', linux.commit('drivers: odd')).replace('\n\n', `\n${signature}\n\n`)}`;
  writeFileSync(join(top, 'signed'), signed);
  linux.git('reset', '--quiet', '--soft', linux.git('hash-object', '-w', '-t', 'commit', join(top, 'signed')).trim());
  writeFileSync(join(top, 'series.mbox'), linux.git('format-patch', '--stdout', '-1'));
  // Changed and not committed: git looks at what is in the file, and would clean it first.
  linux.write('drivers/odd/odd.c', `${readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8')}\n/* more */\n`);
  linux.write('include/linux/odd.h', 'struct odd;\n');
  linux.git('add', '--intent-to-add', 'include/linux/odd.h');
  linux.write('drivers/odd/new.c', 'int odd;\n');
  setTraps();
});
after(() => rmSync(top, { recursive: true }));

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const { code, stdout, stderr } = await runCommand(args, { cwd: linux.folder, env });
  return { code, said: stdout + stderr };
}

describe('a repository that would have git run things', () => {
  it('does run them when git is asked plainly', () => {
    for (const command of [['diff', 'HEAD'], ['log'], ['status']])
      spawnSync('git', command, { cwd: linux.folder, env });
    const all = new Set(sprung().split('\n'));
    for (const name of ['clean', 'process', 'driver-diff', 'fsmonitor', 'gpg']) assert.ok(all.has(name), name);
    rmSync(join(top, 'sprung'));
  });

  const commands: readonly (readonly string[])[] = [
    ['scan'],
    ['scan', '--since', 'HEAD'],
    ['scan', '--since', 'HEAD~1', '--format', 'json'],
    ['series', 'HEAD~1..HEAD'],
    ['series', '../series.mbox', '--tree', '.', '--base', 'HEAD~1'],
    ['series', '../series.mbox', '--tree', '.'],
    ['docs', '--check'],
    ['docs', '--out', '../docs'],
    ['matrix', '--against', 'HEAD~1'],
    ['baseline', '--output', '../baseline.jsonl'],
    ['scan', '--fix-patch', '../patches'],
  ];
  const usual = new Set([
    'scan --since HEAD',
    'series ../series.mbox --tree . --base HEAD~1',
    'docs --out ../docs',
    'scan --fix-patch ../patches',
  ]);
  for (const command of commands)
    it(`gets nothing run by \`${command.join(' ')}\``, sample(usual.has(command.join(' '))), async () => {
      const { code, said } = await run(...command);
      assert.ok(code === 0 || code === 1, said);
      assert.equal(sprung(), '');
    });
});
