import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run } from '../../dev/examples/run-command.js';

const tree = join(fixturesFolder, 'invalidate-mappings');
const mails = join(fixturesFolder, 'formats/series.mbox');
const columns = 60;

/** What each command prints on a narrow terminal, and what it prints to a pipe. */
async function printed(args: readonly string[]) {
  const narrow = await run(args, { cwd: tree, terminal: { isTerminal: true, columns } });
  const piped = await run(args, { cwd: tree });
  return { narrow: narrow.stdout, piped: piped.stdout };
}

const words = (text: string): readonly string[] => text.replace(/\d+\.\d s/g, '').split(/\s+/);

/** Lines that are wider than the terminal. A word or a line of code is not broken. */
function tooWide(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.length > columns && /\S+\s+\S/.test(line.slice(0, columns).trim()));
}

describe('a narrow terminal', () => {
  const commands: readonly (readonly string[])[] = [
    ['rules'],
    ['docs', '--check'],
    ['scan', '--explain-path', 'drivers/misc/nopin/nopin.c:nopn_import'],
    ['series', mails, '--format', 'text', '--all'],
  ];
  for (const command of commands)
    it(`gets no longer lines from ${command[0]} ${command[1] ?? ''}, and the same words`, async () => {
      const { narrow, piped } = await printed(command);
      assert.ok(piped.split('\n').some((line) => line.length > columns));
      assert.deepEqual(tooWide(narrow.replace(/^ *\d* \|.*$/gm, '')), []);
      const plain = (text: string) => words(text.replace(/^ *\d* \|.*$/gm, ''));
      assert.deepEqual(plain(narrow), plain(piped));
    });

  it('gets the matrix in more parts', async () => {
    const { narrow, piped } = await printed(['matrix', '--trace']);
    assert.deepEqual(tooWide(narrow), []);
    assert.deepEqual([...new Set(words(narrow))].sort(), [...new Set(words(piped))].sort());
    const tables = (text: string): number => text.match(/^importer +\d/gm)?.length ?? 0;
    assert.ok(tables(narrow) > tables(piped));
  });

  it('gets what differs between two matrices', async () => {
    const { narrow, piped } = await printed(['matrix', '--against', join(fixturesFolder, 'marker-field')]);
    assert.deepEqual(tooWide(narrow), []);
    assert.deepEqual(words(narrow), words(piped));
  });
});

describe('progress', () => {
  for (const command of [
    ['docs', '--check'],
    ['scan', '--explain-path', 'drivers/misc/nopin/nopin.c:nopn_import'],
    ['matrix'],
  ])
    it(`is wiped off before ${command.slice(0, 2).join(' ')} prints`, async () => {
      const { stderr } = await run(command, { cwd: tree, terminal: { isTerminal: true, showsProgress: true } });
      const wipe = '\r\u001b[K';
      assert.ok(stderr.includes(wipe));
      assert.doesNotMatch(stderr.split(wipe).at(-1) ?? '', /reading|scanning/);
    });
});
