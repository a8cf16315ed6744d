import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyFixture, fixturesFolder } from '../../../dev/examples/example-tree.js';
import { type RunOptions, run } from '../../../dev/examples/run-command.js';

const fixture = join(fixturesFolder, 'marker-field');
const unmarked = 'drivers/rnic/unmarked/unmarked.c';

interface Data {
  readonly findings: readonly { readonly file: string; readonly rule: string; readonly fingerprint: string }[];
  readonly importers: readonly { readonly file: string }[];
  readonly exporters: readonly { readonly file: string }[];
  readonly stats: { readonly filesParsed: number };
}

async function scan(args: readonly string[], options: RunOptions = {}): Promise<Data> {
  const { stdout, stderr } = await run(['scan', '--format', 'json', ...args], options);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

let top: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'narrow-'));
});
after(() => rmSync(top, { recursive: true }));

describe('scan of files and folders', () => {
  it('finds their tree upwards, and shows what a scan of the tree shows of them', async () => {
    const whole = await scan([fixture]);
    const below = (folder: string) => whole.findings.filter(({ file }) => file.startsWith(folder));
    const ways: readonly (readonly [string, readonly string[], RunOptions])[] = [
      ['drivers/rnic/', [join(fixture, 'drivers/rnic')], {}],
      ['drivers/rnic/', [], { cwd: join(fixture, 'drivers/rnic') }],
      ['drivers/rnic/', ['unmarked', 'unpinned', 'wrongmark'], { cwd: join(fixture, 'drivers/rnic') }],
      [unmarked, [unmarked], { cwd: fixture }],
      [unmarked, ['--whole', unmarked], { cwd: fixture }],
    ];
    for (const [folder, args, options] of ways) {
      const { findings, importers, exporters } = await scan(args, options);
      assert.deepEqual(findings, below(folder));
      assert.ok(findings.length > 0);
      assert.ok(importers.length > 0 && importers.every(({ file }) => file.startsWith(folder)));
      assert.deepEqual(exporters, []);
    }
  });

  it('does not parse what is not around them', async () => {
    const whole = await scan([fixture, '--no-cache']);
    const part = await scan([join(fixture, 'drivers/misc/refuseall'), '--no-cache']);
    assert.ok(part.stats.filesParsed < whole.stats.filesParsed);
  });

  it('leaves out old findings, and does not call those of other files fixed', async () => {
    const baseline = join(top, 'known.jsonl');
    await run(['baseline', fixture, '--output', baseline]);
    const { code, stdout, stderr } = await run(['scan', join(fixture, 'drivers/rnic'), '--baseline', baseline]);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /; 3 old findings left out \([^)]*\); 0 not analysed /);
  });

  it('fixes only there', async () => {
    const tree = join(top, 'fixed');
    copyFixture('marker-field', tree, ['drivers/misc/asknobody', 'drivers/rnic/unmarked', 'drivers/rnic/wrongmark']);
    const { stderr } = await run(['scan', '--fix', join(tree, 'drivers/rnic/unmarked')]);
    assert.match(stderr, /\n1 fixed, 0 not fixed\n/);
    const read = (path: string): string => readFileSync(join(tree, path), 'utf8');
    assert.match(read(unmarked), /cannot_revoke = true/);
    const other = 'drivers/misc/asknobody/asknobody.c';
    assert.equal(read(other), readFileSync(join(fixture, other), 'utf8'));
  });

  it('refuses names of two trees', async () => {
    const { code, stderr } = await run(['scan', unmarked, top], { cwd: fixture });
    assert.equal(code, 2);
    assert.match(stderr, /is not in the same kernel tree as drivers\/rnic\/unmarked\/unmarked\.c/);
  });
});

describe('scan of a module outside of the tree', () => {
  const place = ({ file, rule }: Data['findings'][number]): string => `${file} ${rule}`;

  it('is judged with the kernel that is named, of which headers are enough', async () => {
    const module = join(top, 'module');
    cpSync(join(fixture, 'drivers/rnic/unmarked'), module, { recursive: true });
    mkdirSync(join(top, 'headers'));
    for (const path of ['include', 'Makefile'])
      cpSync(join(fixture, path), join(top, 'headers', path), { recursive: true });
    // As a distribution has it: /lib/modules/<version>/build includes the headers that several kernels share.
    mkdirSync(join(top, 'build'));
    writeFileSync(join(top, 'build/Makefile'), `include ${join(top, 'headers')}/Makefile\n`);
    for (const kernel of [fixture, join(top, 'headers'), join(top, 'build')]) {
      const found = await scan(['--kernel', kernel, 'module'], { cwd: top });
      assert.deepEqual(found.findings.map(place), ['module/unmarked.c pinned-importer-unmarked'], kernel);
      assert.deepEqual(
        found.importers.map(({ file }) => file),
        ['module/unmarked.c'],
      );
    }
    const inside = await scan(['--kernel', '../headers'], { cwd: module });
    assert.deepEqual(inside.findings.map(place), ['unmarked.c pinned-importer-unmarked']);
    const text = await run(['scan', '--kernel', '../headers', '--format', 'text'], { cwd: module });
    assert.match(text.stdout, /^unmarked\.c:16:40: error: [^\n]*\n +15 \| \n +16 \| static const struct/m);
  });

  it('is refused where there is no kernel, or where git would be asked', async () => {
    for (const [args, message] of [
      [['--kernel', top, top], /--kernel [^\n]*: has no include\/linux\/dma-buf\.h; name a kernel tree or its headers/],
      [['--kernel', fixture, '--since', 'HEAD', top], /--kernel scans the files of a module as they are/],
      [['--kernel', fixture, 'nosuch'], /nosuch: no such folder; name the folder of a module/],
    ] as const) {
      const { code, stderr } = await run(['scan', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});

describe('the findings that are shown', () => {
  it('are those of some rules, and at least so bad', async () => {
    const rules = async (...args: readonly string[]) =>
      (await scan([fixture, ...args])).findings.map(({ rule }) => rule);
    assert.deepEqual(await rules('--rule', 'stub-callback'), ['stub-callback']);
    assert.deepEqual(await rules('-r', 'STUB_CALLBACK', '-r', 'pin-refuses-all'), ['pin-refuses-all', 'stub-callback']);
    assert.ok(!(await rules('--severity', 'error')).includes('pin-refuses-all'));
    assert.equal((await run(['scan', fixture, '--rule', 'pin-refuses-all'])).code, 0, 'a note');
    assert.match(
      (await run(['scan', fixture, '--rule', 'stub-calback'])).stderr,
      /unknown rule 'stub-calback'; did you mean/,
    );
  });

  it('are all that --quiet prints', async () => {
    const { stdout, stderr } = await run(['scan', fixture, '-q', '-r', 'stub-callback', '-f', 'text']);
    assert.match(stdout, /^drivers\/rnic\/unpinned\/unpinned\.c:16:40: error: /);
    assert.doesNotMatch(stdout, /importers/);
    assert.equal(stderr, '');
    assert.equal((await run(['scan', fixture, '-q'])).stderr, '');
  });
});

describe('the help of a command', () => {
  it('ends with examples that the program understands', async () => {
    const { stdout } = await run(['--help']);
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    assert.ok(verbs.length > 9);
    for (const verb of verbs) {
      const [, examples = ''] = /\nExamples:\n([\s\S]+)$/.exec((await run([verb, '--help'])).stdout) ?? [];
      assert.match(examples, new RegExp(`dmabuf-lint ${verb}`), verb);
    }
  });
});
