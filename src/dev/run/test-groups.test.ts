import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    const late = `await new Promise((resolve) => setTimeout(resolve, 20));\nglobalThis.isLastImported = true;\n`;
    writeFileSync(path('last.mjs'), `${late}${test('last', '')}`);
    const body =
      "if (count !== 1) throw new Error('hooks of others'); if (!isLastImported) throw new Error('too early');";
    const counted = test('hooks', body);
    writeFileSync(
      path('hooks.mjs'),
      `import { beforeEach } from 'node:test';\nlet count = 0;\nbeforeEach(() => count++);\n${counted}`,
    );
    writeFileSync(path('moves.mjs'), `process.chdir('/');\n${test('moves', '')}`);
  });
  after(() => rmSync(top, { recursive: true }));

  it('leave the process as it is', () => {
    for (const code of ['before(() => {});\nconst { env } = process;\n', "  process.kill(child.pid, 'SIGINT');\n"])
      assert.ok(runsWithOthers(code), code);
    for (const code of [
      "process.chdir('/');\n",
      '  process.exitCode = 5;\n',
      "  process.env['HOME'] = top;\n",
      "  delete process.env['HOME'];\n",
    ])
      assert.ok(!runsWithOthers(code), code);
    const { single, together } = separate([path('moves.mjs'), path('good.mjs')]);
    assert.deepEqual([names(single), names(together)], [['moves.mjs'], ['good.mjs']]);
  });

  it('are dealt out to processes, the first ones to different ones; a group of one is the file itself', () => {
    const files = ['a.js', 'b.js', 'c.js', 'd.js', 'e.js'].map(path);
    const groups = writeGroups(files, 3, path('groups'));
    assert.deepEqual(names(groups), ['1-a-and-1-more.mjs', '2-b-and-1-more.mjs', 'c.js']);
    assert.match(readFileSync(groups[0] ?? '', 'utf8'), /\/a\.js"[^"]*"[^"]*\/d\.js"/);
    assert.deepEqual(writeGroups([], 2, path('groups')), []);
  });

  it('are named where one cannot be imported, and where a test fails; the others run, with their own hooks', () => {
    const files = ['hooks.mjs', 'good.mjs', 'broken.mjs', 'wrong.mjs', 'last.mjs'].map(path);
    const [group = ''] = writeGroups(files, 1, path('groups'));
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
