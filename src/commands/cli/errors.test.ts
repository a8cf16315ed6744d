import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserError } from '../../base/errors.js';
import type { CommandContext } from './context.js';
import { reportError } from './errors.js';

/** What is told of an error, and the exit code. */
function told(error: unknown): readonly [line: string, code: number] {
  let line = '';
  const terminal = {
    writeError: (text: string) => {
      line += text;
    },
  };
  const code = reportError(error, { env: {}, terminal } as unknown as CommandContext);
  return [line, code];
}

const systemError = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: x`), path === undefined ? { code } : { code, path });

describe('what ends a command', () => {
  it('is a mistake of the user, with exit code 2', () => {
    assert.deepEqual(told(new UserError('no such\nfile')), ['dmabuf-lint: no such\\x0afile\n', 2]);
  });

  it('is something that the machine is short of, which is no defect, with exit code 3', () => {
    const [line, code] = told(systemError('EMFILE', '/x/a\n.js'));
    assert.equal(line, 'dmabuf-lint: too many files are open; let a process open more (ulimit -n): /x/a\\x0a.js\n');
    assert.equal(code, 3);
    assert.deepEqual(told(systemError('EFBIG')), [
      'dmabuf-lint: a file would become larger than allowed (ulimit -f)\n',
      3,
    ]);
  });

  it('is a defect of the program else, with exit code 3', () => {
    const [line, code] = told(new TypeError('x is not\na function'));
    assert.match(line, /^dmabuf-lint: internal error: x is not\\x0aa function \(.*\)\n$/);
    assert.equal(code, 3);
    assert.match(told(systemError('constructor'))[0], /internal error/);
  });
});
