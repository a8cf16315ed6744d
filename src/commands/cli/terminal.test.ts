import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { streamTerminal, terminalTraits } from './terminal.js';

function streams(isTTY: boolean, columns?: number) {
  const stdout = Object.assign(new PassThrough(), { isTTY, ...(columns === undefined ? {} : { columns }) });
  return { stdout, stderr: Object.assign(new PassThrough(), { isTTY }) };
}

const traits = (isTTY: boolean, env: Readonly<Record<string, string>>) => terminalTraits(streams(isTTY), env);

describe('colour', () => {
  it('is used on a terminal', () => {
    assert.equal(traits(true, { TERM: 'xterm' }).hasColour, true);
    assert.equal(traits(true, { TERM: 'xterm', NO_COLOR: '' }).hasColour, true);
  });

  it('is not used where NO_COLOR is set, on a dumb terminal, and through a pipe', () => {
    assert.equal(traits(true, { TERM: 'xterm', NO_COLOR: '1' }).hasColour, false);
    assert.equal(traits(true, { TERM: 'dumb' }).hasColour, false);
    assert.equal(traits(false, { TERM: 'xterm' }).hasColour, false);
  });

  it('is used through a pipe where FORCE_COLOR asks for it, but not against NO_COLOR', () => {
    assert.equal(traits(false, { FORCE_COLOR: '1' }).hasColour, true);
    assert.equal(traits(true, { TERM: 'xterm', FORCE_COLOR: '0' }).hasColour, false);
    assert.equal(traits(false, { FORCE_COLOR: '1', NO_COLOR: '1' }).hasColour, false);
  });

  it('does not decide whether it is a terminal', () => {
    assert.equal(traits(true, { TERM: 'dumb' }).isTerminal, true);
    assert.equal(traits(false, {}).isTerminal, false);
  });
});

describe('the width', () => {
  it('is that of the terminal, and 80 where there is none', () => {
    assert.equal(terminalTraits(streams(true, 132), {}).columns, 132);
    assert.equal(terminalTraits(streams(true, 0), {}).columns, 80);
    assert.equal(terminalTraits(streams(false), {}).columns, 80);
  });
});

describe('progress', () => {
  it('is shown on a terminal only', () => {
    for (const isTTY of [true, false]) {
      const { stdout, stderr } = streams(isTTY);
      const terminal = streamTerminal({ stdout, stderr }, terminalTraits({ stdout, stderr }, {}), () => assert.fail());
      terminal.progress('scanning');
      assert.equal(String(stderr.read() ?? ''), isTTY ? '\r\u001b[Kscanning' : '');
      assert.equal(stdout.read(), null);
    }
  });
});

describe('standard output', () => {
  it('whose reader has gone away is no error', () => {
    const { stdout, stderr } = streams(false);
    streamTerminal({ stdout, stderr }, terminalTraits({ stdout, stderr }, {}), () => assert.fail());
    stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
    assert.equal(stderr.read(), null);
  });

  it('that is full ends the process, and one line says so', () => {
    const { stdout, stderr } = streams(false);
    const codes: number[] = [];
    streamTerminal({ stdout, stderr }, terminalTraits({ stdout, stderr }, {}), (code) => codes.push(code));
    stdout.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }));
    assert.deepEqual(codes, [3]);
    assert.equal(
      String(stderr.read()),
      'dmabuf-lint: standard output cannot be written: no space left on the device\n',
    );
  });
});
