import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { attach, type Edit, edited, good, hide, leak, order, path } from '../../dev/examples/leaking-driver.js';
import { run as runCommand } from '../../dev/examples/run-command.js';
import { type SeriesFormat, seriesFormats } from '../formats/formats.js';

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'added-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  linux.write(path, good);
  linux.commit('example: import buffers');
  linux.git('tag', 'clean');
});
after(() => rmSync(top, { recursive: true }));
beforeEach(() => {
  linux.git('checkout', '--quiet', '--force', '--detach', 'clean');
  linux.git('clean', '--quiet', '-fdx');
});

const run = (args: readonly string[], stdin = '', env: Readonly<Record<string, string>> = {}) =>
  runCommand(['series', ...args], { cwd: linux.folder, stdin, env });

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly trace: readonly { readonly message: string }[];
}

/** What a range or a patch introduces, and the exit code. */
async function judge(args: readonly string[], stdin = ''): Promise<{ code: number; found: readonly Found[] }> {
  const { code, stdout, stderr } = await run([...args, '--format', 'json'], stdin);
  assert.notEqual(stdout, '', stderr);
  const { patches, series } = JSON.parse(stdout) as {
    readonly patches: readonly { readonly introduced: readonly Found[] }[];
    readonly series: readonly Found[];
  };
  return { code, found: [...patches.flatMap(({ introduced }) => introduced), ...series] };
}

const rulesOf = ({ found }: { readonly found: readonly Found[] }): readonly string[] =>
  found.map(({ rule }) => rule).sort();

const mailOf = (range: string): string => linux.git('format-patch', '--stdout', range);

describe('a patch that suppresses its own defect', () => {
  beforeEach(() => {
    linux.write(path, edited(good, leak, hide));
    linux.commit('example: simplify the error path');
  });

  it('is told, with the defect, and is not clean', async () => {
    const { code, found } = await judge(['clean..HEAD']);
    assert.equal(code, 1);
    assert.deepEqual(rulesOf({ found }), ['attach-leak', 'suppression-added']);
    const told = found.find(({ rule }) => rule === 'suppression-added');
    assert.deepEqual([told?.file, told?.line], [path, 11]);
    assert.equal(
      told?.message,
      "this change suppresses 'attach-leak' in ex_import(), with the reason 'the caller detaches': a comment counts only once it is in the base",
    );
    assert.match(told?.trace[0]?.message ?? '', /^it would hide this: .* \[attach-leak\]$/);
  });

  it('is told in every format', async () => {
    const ofPatch: readonly SeriesFormat[] = ['b4', 'b4-review'];
    const outputs = seriesFormats
      .filter((format) => !ofPatch.includes(format))
      .map((format) => [format, join(top, format)]);
    const { code } = await run([
      'clean..HEAD',
      ...outputs.flatMap(([format, file]) => ['--output', `${format}=${file}`]),
    ]);
    assert.equal(code, 1);
    const texts = new Map(outputs.map(([format = '', file = '']) => [format, readFileSync(file, 'utf8')]));
    for (const format of ofPatch) {
      const answer = await run(['-', '--format', format], mailOf('clean..HEAD'));
      assert.equal(answer.code, 1, format);
      texts.set(format, answer.stdout);
    }
    assert.deepEqual([...texts.keys()].sort(), [...seriesFormats].sort());
    for (const [format, text] of texts) {
      assert.match(text, /suppression-added|SUPPRESSION_ADDED/, format);
      assert.match(text, /attach-leak|ATTACH_LEAK/, format);
      assert.match(text.replace(/\s+/g, ' '), /the caller detaches/, format);
    }
    assert.match(texts.get('junit') ?? '', /<testsuite name="suppression-added" tests="1" failures="1"/);
    assert.match(texts.get('b4-review') ?? '', /"status": "fail"/);
    for (const line of (texts.get('b4') ?? '').split('\n')) assert.ok(line.length <= 100, line);
  });

  it('is told of a mail, applied to a repository or to an unpacked tree', async () => {
    const mail = mailOf('clean..HEAD');
    assert.deepEqual(rulesOf(await judge(['-', '--base', 'clean'], mail)), ['attach-leak', 'suppression-added']);
    linux.git('checkout', '--quiet', 'clean');
    const plain = join(top, 'plain');
    linux.git('worktree', 'add', '--quiet', '--detach', plain, 'clean');
    rmSync(join(plain, '.git'));
    const { code, found } = await judge(['-', '--tree', plain], mail);
    linux.git('worktree', 'prune');
    assert.deepEqual([code, rulesOf({ found })], [1, ['attach-leak', 'suppression-added']]);
  });

  it('is a warning for NIPA if it hides no more than a warning', async () => {
    linux.git('checkout', '--quiet', 'clean');
    linux.write(path, edited(good, ['\tret = dma_buf_pin(attach);', `\tret = 0;\n\t${pin}\n\tdma_buf_pin(attach);`]));
    linux.commit('example: pins do not fail');
    const { code, stdout } = await run(['HEAD~1..HEAD', '--format', 'nipa']);
    assert.match(stdout, /\[suppression-added\][\s\S]*\[pin-unchecked\]/);
    assert.equal(code, 250);
    assert.equal((await run(['HEAD~1..HEAD'])).code, 1, 'whatever severity fails a run');
  });
});

const pin = '/* dmabuf-lint: ignore pin-unchecked -- ours cannot fail */';

describe('a suppression that hides nothing', () => {
  it('is told, and is not clean', async () => {
    linux.write(path, edited(good, hide));
    linux.commit('example: nothing to see');
    const { code, found } = await judge(['clean..HEAD']);
    assert.deepEqual([code, rulesOf({ found })], [1, ['suppression-added', 'unused-suppression']]);
  });
});

describe('a suppression that the base has', () => {
  const base = edited(good, leak, hide);

  /** What a patch on top of a base with the suppression introduces. */
  async function foundBy(...edits: readonly Edit[]): Promise<readonly string[]> {
    linux.write(path, base);
    linux.commit('example: with a suppression');
    linux.write(path, edited(base, ...edits));
    linux.commit('example: change it');
    return rulesOf(await judge(['HEAD~1..HEAD']));
  }

  it('counts where its line moves', async () => {
    assert.deepEqual(await foundBy(['#include <linux/dma-resv.h>\n', '#include <linux/dma-resv.h>\n\n\n\n']), []);
  });

  it('counts where the code that it covers is edited', async () => {
    assert.deepEqual(await foundBy(['buf->dev, &ex_ops, buf);', 'buf->dev->parent, &ex_ops, buf);']), []);
  });

  it('counts where its function is renamed', async () => {
    assert.deepEqual(await foundBy(['int ex_import(', 'int ex_attach(']), []);
  });

  it('counts where its file is renamed', async () => {
    linux.write(path, base);
    linux.commit('example: with a suppression');
    linux.git('mv', path, 'drivers/example/import.c');
    linux.write('drivers/example/import.c', `${base}\nint more;\n`);
    linux.commit('example: a better name');
    assert.deepEqual(rulesOf(await judge(['HEAD~1..HEAD'])), []);
    assert.deepEqual(rulesOf(await judge(['-', '--base', 'HEAD~1'], mailOf('HEAD~1..HEAD'))), []);
  });

  it('counts in a later patch of a series that came after it', async () => {
    linux.write(path, base);
    linux.commit('example: with a suppression');
    for (const line of ['int one;', 'int two;']) {
      linux.write(
        path,
        edited(base, ['struct dma_buf_attach_ops ex_ops', `struct dma_buf_attach_ops /* ${line} */ ex_ops`]),
      );
      linux.commit(`example: ${line}`);
    }
    assert.deepEqual(rulesOf(await judge(['HEAD~2..HEAD'])), []);
  });

  const second = edited(
    good.slice(good.indexOf('int ex_import')),
    leak,
    ['int ex_import(', 'int ey_import('],
    ['void ex_release(', 'void ey_release('],
  );

  it('does not count for other code to which it is moved', async () => {
    const moved = edited(`${base.replace(`\t${order}\n`, '')}\n${second}`);
    const at = moved.lastIndexOf(attach);
    linux.write(path, base);
    linux.commit('example: with a suppression');
    linux.write(path, `${moved.slice(0, at)}\t${order}\n${moved.slice(at)}`);
    linux.commit('example: move it');
    assert.deepEqual(rulesOf(await judge(['HEAD~1..HEAD'])), ['attach-leak', 'attach-leak', 'suppression-added']);
  });

  it('does not count for code that is put between it and its own', async () => {
    const again =
      '\tattach = dma_buf_dynamic_attach(dmabuf, buf->dev, &ex_ops, NULL);\n\tif (IS_ERR(attach))\n\t\treturn -EIO;\n';
    const found = await foundBy([`${order}\n`, `${order}\n${again}`]);
    assert.ok(found.includes('attach-leak') && found.includes('suppression-added'), found.join());
  });

  it('does not count twice', async () => {
    const found = await foundBy([`\treturn 0;\n}`, `\treturn 0;\n}\n\n${edited(second, hide)}`]);
    assert.deepEqual(found, ['attach-leak', 'suppression-added']);
  });

  it('is reported no more once a patch removes it', async () => {
    assert.deepEqual(await foundBy([`\t${order}\n`, '']), ['attach-leak']);
  });
});

describe('an old finding that a patch suppresses', () => {
  it('is not called fixed, and the suppression is told', async () => {
    linux.write(path, edited(good, leak));
    linux.commit('example: leaks');
    linux.write(path, edited(good, leak, hide));
    linux.commit('example: it is fine');
    const { stdout, code } = await run(['HEAD~1..HEAD', '--format', 'text']);
    assert.match(stdout, /\[suppression-added, /);
    assert.match(stdout, /it would hide this: .*\[attach-leak\]/);
    assert.match(stdout, /0 errors, 1 warning, 0 notes new; 0 fixed; 1 old finding left out/);
    assert.equal(code, 1);
  });
});
