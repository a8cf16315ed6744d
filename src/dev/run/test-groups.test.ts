import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { recordedTimes } from './durations.js';
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

  it('are dealt out to processes that cost about the same', () => {
    const costs = new Map(Object.entries({ 'a.js': 5, 'b.js': 3, 'c.js': 2, 'd.js': 1, 'e.js': 1 }));
    const costOf = (file: string): number => costs.get(basename(file)) ?? 0;
    const groups = writeGroups(['a.js', 'b.js', 'c.js', 'd.js', 'e.js'].map(path), 3, path('groups'), { costOf });
    assert.deepEqual(names(groups), ['1-a.mjs', '2-b-and-1-more.mjs', '3-c-and-1-more.mjs']);
    assert.match(readFileSync(groups[1] ?? '', 'utf8'), /\/b\.js"[^"]*"[^"]*\/e\.js"/);
    assert.match(readFileSync(groups[2] ?? '', 'utf8'), /\/c\.js"[^"]*"[^"]*\/d\.js"/);
    assert.deepEqual(writeGroups([], 2, path('groups'), { costOf }), []);
  });

  it('say what processor time each file took, and the process, where that is asked for', () => {
    const record = path('times');
    const files = ['good.mjs', 'last.mjs'].map(path);
    const [group = ''] = writeGroups(files, 1, path('groups'), { costOf: () => 1, record });
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    assert.equal(spawnSync(process.execPath, [group], { env }).status, 0);
    const times = recordedTimes(record);
    assert.deepEqual([...times.files.keys()], files);
    assert.deepEqual(
      times.processes.map(([seconds, first]) => [seconds > 0, first]),
      [[true, files[0]]],
    );
    assert.ok([...times.files.values()].every((seconds) => seconds >= 0));
  });

  it('are named where one cannot be imported, and where a test fails; the others run, with their own hooks', () => {
    const files = ['hooks.mjs', 'good.mjs', 'broken.mjs', 'wrong.mjs', 'last.mjs'].map(path);
    const [group = ''] = writeGroups(files, 1, path('groups'), { costOf: () => 1 });
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
