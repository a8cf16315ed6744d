import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sample } from '../run/cases.js';
import { type KillBench, killCommands, makeBench } from './kill-bench.js';
import { runKills } from './kill-run.js';
import { halfDone, notAsAfter } from './snapshot.js';

/** At how many moments a command is killed: few, so that nobody waits for them, and more in CI. */
const kills = Number(process.env['DMABUF_LINT_KILLS'] ?? 1);

let top: string;
let bench: KillBench;
before(() => {
  top = mkdtempSync(join(tmpdir(), 'kills-'));
  bench = makeBench(top);
});
after(() => rmSync(top, { recursive: true, force: true, maxRetries: 5 }));

describe(`a command that writes and is killed at ${kills} moments`, () => {
  for (const [index, command] of killCommands.entries())
    it(
      `leaves each file as before or as after, and nothing that a next run does not clear away: ${command.name}`,
      sample(command.name === 'scan --fix'),
      async () => {
        const [count] = await runKills(bench, [command], { kills, nextRun: 1, seed: 18 + index });
        assert.deepEqual(count?.wrong, []);
        assert.equal(count.kills, kills);
      },
    );
});

describe('what a killed command leaves', () => {
  const state = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));
  const [old, now] = [state({ '/a': '1', '/b': '1' }), state({ '/a': '2', '/c': '2 "milliseconds": 7' })];

  it('is whole if each file is as before or as after', () => {
    const temporary = `/x/.dmabuf-lint-12-${'0'.repeat(32)}.tmp`;
    for (const files of [{ '/a': '1', '/b': '1' }, { '/a': '2', '/b': '1', [temporary]: 'x' }, { '/a': '2' }])
      assert.deepEqual(halfDone(state(files), old, now), []);
    assert.deepEqual(halfDone(state({ '/a': '1', '/c': '2 "milliseconds": 8' }), old, now), []);
  });

  it('is not if one is half, gone, or somewhere else', () => {
    assert.deepEqual(halfDone(state({ '/b': '1' }), old, now), ['/a']);
    assert.deepEqual(halfDone(state({ '/a': '', '/b': '1' }), old, now), ['/a']);
    assert.deepEqual(halfDone(state({ '/a': '1', '/b': '1', '/d': '' }), old, now), ['/d']);
  });

  it('is told apart from what a whole run leaves', () => {
    assert.deepEqual(notAsAfter(now, now), []);
    assert.deepEqual(notAsAfter(state({ '/a': '2' }), now), ['/c']);
  });
});
