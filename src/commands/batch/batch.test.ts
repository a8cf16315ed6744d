import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Log } from 'sarif';
import { copyFixture, fixturesFolder } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';

const mails = join(fixturesFolder, 'formats/series.mbox');

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'batch-'));
  copyFixture('invalidate-mappings', join(top, 'tree'), ['drivers/misc/nopin']);
});
afterEach(() => rmSync(top, { recursive: true }));

const run = (...args: readonly string[]) => runCommand(args, { cwd: top });

/** Writes a file of jobs. */
function writeJobs(...jobs: readonly object[]): void {
  writeFileSync(join(top, 'jobs.jsonl'), jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
}

const scan = { id: 'whole', command: 'scan', tree: 'tree' };
const matrix = { id: 'table', command: 'matrix', tree: 'tree' };
const series = { id: 'sent', command: 'series', tree: 'tree', series: [mails] };
const broken = { id: 'broken', command: 'scan', tree: 'nowhere' };

/** The JSON of a command, without what differs from run to run. */
async function resultOf(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(...args, '--format', 'json');
  return JSON.parse(stdout, (key, value: unknown) => (key === 'milliseconds' ? undefined : value));
}

describe('dmabuf-lint batch', () => {
  it('keeps what the commands print as JSON, and a failure does not stop the others', async () => {
    writeJobs(broken, scan, matrix, series);
    const { code, stdout, stderr } = await run('batch', 'jobs.jsonl', '--output', 'out');
    assert.equal(code, 3);
    assert.deepEqual(
      stdout
        .replace(/\(\d+\.\d s\)/g, '(s)')
        .split('\n')
        .sort(),
      [
        '',
        'broken: failed: nowhere: no such folder; name the top of a kernel tree',
        'sent: has errors (s)',
        'table: no errors (s)',
        'whole: has errors (s)',
      ],
    );
    assert.equal(stderr, '4 jobs: 3 done, 2 of them with errors; 1 failed\n');
    const merged = JSON.parse((await run('merge', 'out', '--format', 'json')).stdout);
    assert.deepEqual(merged, {
      version: 1,
      jobs: [
        { job: broken, exitCode: 2, error: 'nowhere: no such folder; name the top of a kernel tree' },
        { job: scan, exitCode: 1, result: await resultOf('scan', 'tree') },
        { job: matrix, exitCode: 0, result: await resultOf('matrix', 'tree') },
        { job: series, exitCode: 1, result: await resultOf('series', mails, '--tree', 'tree') },
      ],
    });
  });

  it('skips what is done, and does again what failed or has changed', async () => {
    writeJobs(scan, broken);
    await run('batch', 'jobs.jsonl', '--output', 'out');
    cpSync(join(top, 'tree'), join(top, 'nowhere'), { recursive: true });
    const second = await run('batch', 'jobs.jsonl', '--output', 'out');
    assert.match(second.stdout, /^whole: done before\nbroken: has errors \(.*\)\n$/);
    assert.equal(second.code, 1);
    writeJobs({ ...scan, tree: 'nowhere' }, { tree: 'nowhere', command: 'scan', id: 'broken' });
    const third = await run('batch', 'jobs.jsonl', '--output', 'out');
    assert.match(third.stdout, /^whole: has errors \(.*\)\nbroken: done before\n$/);
    assert.doesNotMatch((await run('batch', 'jobs.jsonl', '--output', 'out', '--again')).stdout, /before/);
  });

  it('gives the same in shards as in one run', async () => {
    writeJobs(scan, matrix, series, broken);
    await run('batch', 'jobs.jsonl', '--output', 'all', '--jobs', '3');
    for (const shard of [1, 2, 3])
      await run('batch', 'jobs.jsonl', '--output', `part-${shard}`, '--shard', `${shard}/3`);
    assert.deepEqual(readdirSync(join(top, 'part-2')), ['table.job.json']);
    for (const format of ['json', 'sarif', 'html', 'text']) {
      const whole = await run('merge', 'all', '--format', format);
      assert.deepEqual(await run('merge', 'part-3', 'part-1', 'part-2', '--format', format), whole, format);
      assert.equal(whole.stderr, '');
    }
    assert.equal((await run('merge', 'part-1', 'part-2')).stderr, '1 job is missing\n');
  });

  it('says what is wrong with the jobs, and where', async () => {
    const said = async (...lines: readonly string[]): Promise<string> => {
      writeFileSync(join(top, 'jobs.jsonl'), lines.join('\n'));
      const { code, stderr } = await run('batch', 'jobs.jsonl', '--output', 'out');
      assert.equal(code, 2);
      return stderr;
    };
    const good = JSON.stringify(scan);
    assert.equal(await said(''), 'dmabuf-lint: jobs.jsonl: has no jobs; write one JSON object in a line\n');
    assert.equal(await said(good, '', '{'), 'dmabuf-lint: jobs.jsonl:3: is not JSON\n');
    assert.equal(await said('[]'), 'dmabuf-lint: jobs.jsonl:1: the job must be an object\n');
    assert.equal(await said(good, good), "dmabuf-lint: jobs.jsonl:2: the id 'whole' is that of line 1, too\n");
    assert.match(await said('{"id":"a","command":"scn"}'), /:1: unknown command 'scn'; did you mean 'scan'\?\n$/);
    assert.match(await said('{"id":"a","command":"scan"}'), /:1: the job has no 'tree', and needs one\n$/);
    assert.match(
      await said('{"id":"../a","command":"scan","tree":"x"}'),
      /:1: id is "..\/a", and must be at most 100 /,
    );
    assert.match(await said('{"id":"a","command":"scan","tree":"x","base":"y"}'), /:1: unknown key 'base'/);
    assert.match(
      await said('{"id":"a","command":"series","tree":"x","series":["-"]}'),
      /:1: a job cannot read standard input\n$/,
    );
    assert.ok(!existsSync(join(top, 'out')));
  });

  it('takes no word of a job for an option', async () => {
    writeJobs({ id: 'odd', command: 'scan', tree: '--fix' });
    const { stdout } = await run('batch', 'jobs.jsonl', '--output', 'out');
    assert.equal(stdout, 'odd: failed: --fix: no such folder; name the top of a kernel tree\n');
  });
});

describe('dmabuf-lint merge', () => {
  it('names the job of each run in SARIF', async () => {
    writeJobs(scan, matrix, series);
    await run('batch', 'jobs.jsonl', '--output', 'out');
    const { stdout: alone } = await run('series', mails, '--tree', 'tree', '--format', 'sarif');
    const found = (JSON.parse(alone) as Log).runs[0]?.results?.length;
    const log: Log = JSON.parse((await run('merge', 'out', '--format', 'sarif')).stdout);
    assert.deepEqual(
      log.runs.map(({ automationDetails, results }) => [automationDetails?.id, results?.length]),
      [
        ['dmabuf-lint/whole', 1],
        ['dmabuf-lint/sent', found],
      ],
    );
  });

  it('tells what came and what went between two scans of a tree', async () => {
    const driver = join(top, 'tree/drivers/misc/nopin/nopin.c');
    const text = readFileSync(driver, 'utf8');
    writeJobs({ ...scan, id: 'before' });
    await run('batch', 'jobs.jsonl', '--output', 'out');
    writeFileSync(driver, text.replace(/dma_buf_map_attachment\(/, 'dma_buf_map_attachment_unlocked('));
    writeJobs({ ...scan, id: 'before' }, { ...scan, id: 'after' });
    await run('batch', 'jobs.jsonl', '--output', 'out');
    const { stdout } = await run('merge', 'out');
    assert.match(stdout, /^before: 1 error, .*\nafter: 2 errors, .*; 1 new and 0 gone since before\n$/);
    const { stdout: page } = await run('merge', 'out', '--format', 'html');
    assert.match(page, /<h3>after, since before<\/h3>\n<ul><li>new: error <code>drivers\/misc\/nopin\/nopin\.c:\d+</);
  });

  it('takes a job that was run twice once, and refuses two results of it that differ', async () => {
    writeJobs(scan);
    for (const folder of ['out', 'again']) await run('batch', 'jobs.jsonl', '--output', folder);
    const once = await run('merge', 'out', '--format', 'json');
    const record = JSON.parse(readFileSync(join(top, 'again/whole.job.json'), 'utf8'));
    record.end.result.stats.milliseconds += 1000;
    writeFileSync(join(top, 'again/whole.job.json'), JSON.stringify(record));
    assert.deepEqual(
      JSON.parse((await run('merge', 'again', 'out', '--format', 'json')).stdout),
      JSON.parse(once.stdout),
    );
    record.end.result.findings = [];
    writeFileSync(join(top, 'again/whole.job.json'), JSON.stringify(record));
    const { code, stderr } = await run('merge', 'out', 'again');
    assert.deepEqual(
      [code, stderr],
      [2, "dmabuf-lint: the job 'whole' has two results, in out and again; remove the older one\n"],
    );
  });

  it('refuses what no batch has written', async () => {
    assert.match((await run('merge', 'none')).stderr, /^dmabuf-lint: none: no such folder\n$/);
    assert.match((await run('merge', 'tree')).stderr, /^dmabuf-lint: tree: no results of dmabuf-lint batch\n$/);
    writeFileSync(join(top, 'tree/x.job.json'), '{}');
    assert.match((await run('merge', 'tree')).stderr, /^dmabuf-lint: tree\/x\.job\.json: is no record of a job; /);
  });
});
