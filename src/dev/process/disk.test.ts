import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { author } from '../examples/author.js';
import { type ExampleRepository, makeRepository } from '../examples/example-repository.js';
import { fixturesFolder } from '../examples/example-tree.js';
import type { Ran } from '../examples/run-command.js';
import { everyKind, runEither, sample, some } from '../run/cases.js';

let top: string;
let linux: ExampleRepository;
let mailbox: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'disk-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  if (everyKind) {
    cpSync(join(fixturesFolder, 'invalidate-mappings/drivers'), join(top, 'linux/drivers'), { recursive: true });
    linux.commit('drivers');
  }
  linux.write('drivers/odd/odd.c', readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8'));
  linux.commit('drivers: odd');
  mailbox = join(top, 'series.mbox');
  writeFileSync(mailbox, linux.git('format-patch', '--stdout', '-1'));
});
after(() => rmSync(top, { recursive: true }));

interface Places {
  readonly cache?: string;
  readonly tmp?: string;
}

function run(args: readonly string[], places: Places = {}): Promise<Ran> {
  const cache = places.cache ?? join(top, 'cache');
  const tmp = places.tmp ?? join(top, 'tmp');
  if (!places.tmp) mkdirSync(tmp, { recursive: true });
  return runEither(args, { cwd: linux.folder, env: { ...author, XDG_CACHE_HOME: cache, TMPDIR: tmp } });
}

/** Whoever is in trouble is told in one line, with the exit code for it. */
function assertTold({ code, stderr }: Ran, message: RegExp): void {
  assert.match(stderr, /^dmabuf-lint: [^\n]+\n$/);
  assert.match(stderr, message);
  assert.equal(code, 2);
}

/** Does something with a small file system, full or read-only; skips where none can be mounted. */
async function withSmallDisk(
  test: TestContext,
  how: 'full' | 'read-only',
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(top, 'small-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder]).status !== 0) {
    test.skip('no file system can be mounted here');
    return;
  }
  try {
    if (how === 'read-only') spawnSync('mount', ['-o', 'remount,ro', folder]);
    // One page is left, so that a file can be begun and not ended.
    else writeFileSync(join(folder, 'full'), Buffer.alloc(8 * 1024));
    await work(folder);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name !== 'full' && name !== 'dmabuf-lint'),
      [],
    );
  } finally {
    spawnSync('umount', [folder]);
  }
}

const said = { full: /no space left on the device/, 'read-only': /read-only/ } as const;
/** The outputs that are always tried: written as one file, as several, and by git. In CI all are. */
const usual = { full: new Set(['scan', 'docs']), 'read-only': new Set(['scan --fix-patch']) } as const satisfies Record<
  string,
  ReadonlySet<string>
>;
/** What a scan and a series say where nothing is in their way. */
const scanJson = ['scan', '--format', 'json'];
const range = ['series', 'HEAD~1..HEAD'];
const findings = (text: string): unknown => JSON.parse(text).findings;

for (const how of ['full', 'read-only'] as const) {
  describe(`a ${how} disk`, () => {
    const outputs: Readonly<Record<string, (folder: string) => readonly string[]>> = {
      scan: (folder) => [
        'scan',
        '--output',
        `json=${join(folder, 'a.json')}`,
        '--output',
        `sarif=${join(folder, 'b')}`,
      ],
      series: (folder) => ['series', 'HEAD~1..HEAD', '--output', `sarif=${join(folder, 'a.sarif')}`],
      matrix: (folder) => ['matrix', '--format', 'html', '--output', join(folder, 'a.html')],
      docs: (folder) => ['docs', '--out', join(folder, 'docs')],
      'scan --fix-patch': (folder) => ['scan', '--fix-patch', join(folder, 'patches')],
    };
    for (const [what, argsFor] of Object.entries(outputs))
      it(`for the output of ${what} is told of, and nothing is left on it`, sample(usual[how].has(what)), (test) =>
        withSmallDisk(test, how, async (folder) => assertTold(await run(argsFor(folder)), said[how])),
      );

    it('for the cache changes nothing but the time', async (test) => {
      const { code, stdout } = await run(scanJson);
      const judged = await run(range);
      assert.equal(judged.code, 1);
      await withSmallDisk(test, how, async (folder) => {
        for (const attempt of ['first', 'second']) {
          const limited = await run(scanJson, { cache: folder });
          assert.deepEqual([limited.code, limited.stderr], [code, ''], attempt);
          assert.deepEqual(findings(limited.stdout), findings(stdout));
        }
        const series = await run(range, { cache: folder });
        assert.deepEqual([series.code, series.stdout], [judged.code, judged.stdout]);
        assert.match(series.stderr, /^1 patch: /m);
      });
    });

    it('for scratch files is told of where they are needed', (test) =>
      withSmallDisk(test, how, async (folder) => {
        assert.equal((await run(scanJson, { tmp: folder })).code, 1);
        // Git may be the first to find out, and has words of its own.
        const needing = [
          ['series', mailbox],
          ['scan', '--fix-patch', join(top, 'patches')],
        ];
        for (const args of some(needing, 1))
          assertTold(await run(args, { tmp: folder }), how === 'full' ? /small-\w+/ : said[how]);
      }));

    it('for a baseline leaves the one that is there', (test) =>
      withSmallDisk(test, how, async (folder) => {
        const file = join(folder, 'baseline.jsonl');
        if (how === 'read-only') return assertTold(await run(['baseline', '--output', file]), said[how]);
        assert.equal((await run(['baseline', '--output', file])).code, 0);
        const before = readFileSync(file, 'utf8');
        assert.throws(() => writeFileSync(join(folder, 'full'), Buffer.alloc(64 * 1024)));
        assertTold(await run(['baseline', '--output', file]), said[how]);
        assert.equal(readFileSync(file, 'utf8'), before);
        rmSync(file, { force: true });
      }));
  });
}
