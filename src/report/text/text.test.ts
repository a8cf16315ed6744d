import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';

const tree = join(fixturesFolder, 'marker-field');
const terminal = { isTerminal: true, columns: 80 } as const;

describe('a scan on a terminal of 80 columns', () => {
  it('has no longer line, and breaks none within a word', async () => {
    const { stdout } = await run(['scan', tree], { terminal });
    const piped = await run(['scan', tree, '--format', 'text']);
    for (const line of stdout.split('\n'))
      assert.ok(line.replaceAll('\t', '        ').length <= 80 || line.includes('|'), line);
    const words = new Set(piped.stdout.split(/[\s:,]+/));
    const broken = stdout.split('\n').filter((line) => !/ \| |…$|fixable|^ {4}\w|explain|analysed/.test(line));
    for (const word of broken.join(' ').split(/[\s:,]+/)) assert.ok(words.has(word), word);
  });

  it('shows a table that is too wide as a list', async () => {
    const { stdout } = await run(['scan', tree], { terminal });
    assert.match(
      stdout,
      /\n {2}foll_ops\n {4}callback: foll_move_notify, kind: unmaps, pins: always, status: revocable\n {4}drivers\/rnic\/follows\/follows\.c:22\n/,
    );
    const wide = await run(['scan', tree], { terminal: { ...terminal, columns: 160 } });
    assert.match(wide.stdout, /\n {2}foll_ops {2}foll_move_notify {2}unmaps {2}always /);
  });
});

describe('the findings of a scan', () => {
  it('come with the worst first', async () => {
    const { stdout } = await run(['scan', tree, '--format', 'text']);
    const severities = [...stdout.matchAll(/^\S+:\d+:\d+: (error|warning|note): /gm)].map(([, severity]) => severity);
    assert.deepEqual(severities, ['error', 'error', 'error', 'error', 'note']);
  });

  it('are followed by how many there are, what can be fixed, and where to read on', async () => {
    const { stdout } = await run(['scan', tree, '--format', 'text']);
    assert.match(
      stdout,
      /\nfindings\n {2}error {4}2 {2}pinned-importer-unmarked {2}\(2 fixable\)\n {2}error {4}1 {2}revoke-unchecked {2}\(1 fixable\)\n {2}error {4}1 {2}stub-callback\n {2}note {5}1 {2}pin-refuses-all\n3 findings fixable with --fix, [^\n]*\n[^\n]*dmabuf-lint explain pinned-importer-unmarked\n\n6 importers, /,
    );
  });
});

describe('colours', () => {
  it('are as --color says, whatever the terminal is', async () => {
    const isColoured = async (args: readonly string[], options = {}): Promise<boolean> =>
      (await run(['scan', tree, '--format', 'text', ...args], options)).stdout.includes('\u001b[');
    assert.equal(await isColoured([]), false);
    for (const word of ['--color', '--color=always']) assert.equal(await isColoured([word]), true);
    const coloured = { terminal: { isTerminal: true, hasColour: true } };
    assert.equal(await isColoured(['--color=never'], coloured), false);
    assert.equal(await isColoured(['--color=auto'], coloured), true);
    assert.match((await run(['scan', '--color=pink', tree])).stderr, /unknown option '--color=pink'/);
  });
});
