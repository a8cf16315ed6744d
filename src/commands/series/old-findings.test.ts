import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { edited, good, leak, path } from '../../dev/examples/leaking-driver.js';
import { run as runCommand } from '../../dev/examples/run-command.js';
import { type SeriesFormat, seriesFormats } from '../formats/formats.js';

let top: string;
let linux: ExampleRepository;

/** The driver of the base leaks; the series adds another one that does, and then touches that again. */
const other = 'drivers/other/other.c';
const leaking = edited(good, leak).replaceAll('ex_', 'other_');

before(() => {
  top = mkdtempSync(join(tmpdir(), 'old-findings-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write(path, edited(good, leak));
  linux.commit('example: import buffers');
  linux.git('tag', 'base');
  linux.write(other, leaking);
  linux.commit('other: import buffers');
  linux.write(other, `${leaking}\nint other;\n`);
  linux.commit('other: add a variable');
});
after(() => rmSync(top, { recursive: true }));

const run = (...args: readonly string[]) => runCommand(['series', 'base..HEAD', ...args], { cwd: linux.folder });

/** What one run writes in all formats; those about a single patch ask about the first patch alone. */
async function inEveryFormat(...args: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ofPatch: readonly SeriesFormat[] = ['b4', 'b4-review'];
  const files = seriesFormats
    .filter((format) => !ofPatch.includes(format))
    .map((format) => [format, join(top, format)]);
  await run(...args, ...files.flatMap(([format, file]) => ['--output', `${format}=${file}`]));
  const texts = new Map(files.map(([format = '', file = '']) => [format, readFileSync(file, 'utf8')]));
  for (const format of ofPatch) texts.set(format, (await run('--format', format, ...args)).stdout);
  return texts;
}

describe('what was there before a series', () => {
  it('is counted without what its own patches bring and leave', async () => {
    const { stderr } = await run('--format', 'gcc');
    assert.match(stderr, /2 patches: 1 error, 0 warnings, 0 notes new; 0 fixed; 1 old finding left out/);
  });

  it('is shown by every format where the user asks', async () => {
    for (const [format, text] of await inEveryFormat('--all')) {
      const shown = format === 'sarif' ? JSON.stringify(JSON.parse(text).runs[0].results) : text;
      assert.match(shown, /drivers\/example\/example\.c/, format);
      assert.match(shown, /attach-leak|ATTACH_LEAK/, format);
    }
  });

  it('is left out by every format but SARIF and JUnit, which list what is unchanged, where nobody asks', async () => {
    for (const [format, text] of await inEveryFormat()) {
      const shown = format === 'json' ? JSON.stringify(JSON.parse(text).patches) : text;
      if (format === 'sarif' || format === 'junit') assert.match(shown, /drivers\/example\/example\.c/, format);
      else assert.doesNotMatch(shown, /drivers\/example\/example\.c/, format);
    }
  });

  it('fails nothing, and is told apart from what is new', async () => {
    const gcc = await run('--format', 'gcc', '--all');
    assert.match(gcc.stdout, /^drivers\/example\/example\.c:11:\d+: error: .* \(before the series\) \[attach-leak\]$/m);
    const junit = await run('--format', 'junit', '--all');
    assert.match(junit.stdout, /<testsuite name="attach-leak" tests="\d+" failures="1"/);
    const review = JSON.parse((await run('--format', 'b4-review', '--all')).stdout)[0];
    const details = JSON.parse(review.details) as readonly { readonly context: string; readonly state: string }[];
    assert.deepEqual(
      details.map(({ context, state }) => [context.split(':')[0], state]),
      [
        [other, 'error'],
        [path, 'not new'],
      ],
    );
    const b4 = (await run('--format', 'b4', '--all')).stdout;
    assert.match(b4, /^drivers\/example\/example\.c:11: WARNING:ATTACH_LEAK: not new: /m);
    const only = await runCommand(['series', 'HEAD~1..HEAD', '--all', '--format', 'nipa'], { cwd: linux.folder });
    assert.deepEqual([only.code, /before the series/.test(only.stdout)], [0, true]);
  });
});
