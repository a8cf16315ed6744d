import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { processTerminal } from './terminal.js';

const original = { isTTY: process.stdout.isTTY, NO_COLOR: process.env['NO_COLOR'], TERM: process.env['TERM'] };

function terminal(isTTY: boolean, env: Readonly<Record<string, string>>) {
  for (const name of ['NO_COLOR', 'TERM']) delete process.env[name];
  Object.assign(process.env, env);
  process.stdout.isTTY = isTTY;
  return processTerminal();
}

afterEach(() => {
  process.stdout.isTTY = original.isTTY;
  for (const name of ['NO_COLOR', 'TERM'] as const) {
    const value = original[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('colour', () => {
  it('is used on a terminal', () => {
    assert.equal(terminal(true, { TERM: 'xterm' }).hasColour, true);
    assert.equal(terminal(true, { TERM: 'xterm', NO_COLOR: '' }).hasColour, true);
  });

  it('is not used where NO_COLOR is set, on a dumb terminal, and through a pipe', () => {
    assert.equal(terminal(true, { TERM: 'xterm', NO_COLOR: '1' }).hasColour, false);
    assert.equal(terminal(true, { TERM: 'dumb' }).hasColour, false);
    assert.equal(terminal(false, { TERM: 'xterm' }).hasColour, false);
  });

  it('does not decide whether it is a terminal', () => {
    assert.equal(terminal(true, { TERM: 'dumb' }).isTerminal, true);
    assert.equal(terminal(false, {}).isTerminal, false);
  });
});

describe('the width', () => {
  it('is that of the terminal, and 80 where there is none', () => {
    const { columns } = process.stdout;
    try {
      process.stdout.columns = 132;
      assert.equal(processTerminal().columns, 132);
      process.stdout.columns = 0;
      assert.equal(processTerminal().columns, 80);
    } finally {
      process.stdout.columns = columns;
    }
  });
});
