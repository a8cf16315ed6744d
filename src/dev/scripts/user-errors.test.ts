import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../base/errors.js';
import { wholeNumber } from './user-errors.js';

const script = (path: string): string => fileURLToPath(new URL(`../${path}.js`, import.meta.url));

describe('the command line of a script for developers', () => {
  const wrong: Readonly<Record<string, readonly [args: readonly string[], line: RegExp]>> = {
    'bench/bench': [['nonsense'], /^bench: 'nonsense' is no kernel version: write .*\n$/],
    'bench/comment-growth': [['many'], /^comment-growth: 'many' is no number of comments: write a whole number, .*\n$/],
    'mutation/mutation': [['--tre', '.'], /^mutation: Unknown option '--tre'.*\n$/],
  };
  for (const [path, [args, line]] of Object.entries(wrong))
    it(`that is wrong gets one line: ${path} ${args.join(' ')}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [script(path), ...args], { encoding: 'utf8' });
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, line);
    });

  it('has whole numbers', () => {
    assert.equal(wholeNumber('12', 'seed'), 12);
    assert.equal(wholeNumber('0', 'seed', 0), 0);
    for (const text of ['0', '-1', '1.5', '', 'x']) assert.throws(() => wholeNumber(text, 'seed'), UserError);
  });
});
