import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runsWithOthers, separate, writeGroups } from './test-groups.js';

describe('files of tests that run in one process', () => {
  let top: string;
  const path = (name: string): string => join(top, name);
  const names = (paths: readonly string[]): readonly string[] => paths.map((each) => basename(each));

  before(() => {
    top = mkdtempSync(join(tmpdir(), 'test-groups-'));
    mkdirSync(join(top, 'groups'));
    const test = (name: string, body: string): string =>
      `import { describe, it } from 'node:test';\ndescribe('${name}', () => { it('works', () => { ${body} }); });\n`;
    writeFileSync(path('good.mjs'), test('good', ''));
    writeFileSync(path('wrong.mjs'), test('wrong', "throw new Error('as it should')"));
    writeFileSync(path('broken.mjs'), "throw new Error('no import');\n");
    writeFileSync(path('last.mjs'), test('last', ''));
    const counted = test('hooks', "if (count !== 1) throw new Error('hooks of others')");
    writeFileSync(
      path('hooks.mjs'),
      `import { beforeEach } from 'node:test';\nlet count = 0;\nbeforeEach(() => count++);\n${counted}`,
    );
    writeFileSync(path('moves.mjs'), `process.chdir('/');\n${test('moves', '')}`);
  });
  after(() => rmSync(top, { recursive: true }));

  it('leave the process as it is', () => {
    assert.ok(runsWithOthers('before(() => {});\nconst { env } = process;\n'));
    for (const code of [
      "import { sample } from '../run/cases.js';\n",
      "process.chdir('/');\n",
      "  process.env['HOME'] = top;\n",
      "  delete process.env['HOME'];\n",
    ])
      assert.ok(!runsWithOthers(code), code);
    const { single, together } = separate([path('moves.mjs'), path('good.mjs')]);
    assert.deepEqual([names(single), names(together)], [['moves.mjs'], ['good.mjs']]);
  });

  it('are divided into groups of about one size; a group of one is the file itself', () => {
    const files = ['a.js', 'b.js', 'c.js', 'd.js', 'e.js'].map(path);
    assert.deepEqual(names(writeGroups(files, 2, path('groups'))), [
      'a.js',
      '2-b-and-1-more.mjs',
      '3-d-and-1-more.mjs',
    ]);
    assert.deepEqual(writeGroups([], 2, path('groups')), []);
  });

  it('are named where one cannot be imported, and where a test fails; the others run, with their own hooks', () => {
    const files = ['hooks.mjs', 'good.mjs', 'broken.mjs', 'wrong.mjs', 'last.mjs'].map(path);
    const [group = ''] = writeGroups(files, 10, path('groups'));
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, ['--test-reporter=tap', group], { env, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stdout, /^not ok .*\/broken\.mjs$/m);
    assert.match(stdout, /no import/);
    assert.match(stdout, /^ +location: .*\/wrong\.mjs:2:/m);
    assert.match(stdout, /as it should/);
    assert.match(stdout, /^ +ok .* good$/m);
    assert.match(stdout, /^ +ok .* last$/m);
    assert.match(stdout, /^ +ok .* hooks$/m);
    assert.match(stdout, /^# fail 2$/m);
  });
});
