import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { reportFormats } from '../../commands/formats/formats.js';
import { type Ran, run as runCommand } from '../examples/run-command.js';
import { countFindings } from '../formats/format-counts.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { replaceFile, writtenSince } from '../kernels/kernel-copy.js';
import { copyPart, partialRepository } from '../kernels/kernel-repository.js';
import { oneOfSome } from '../run/cases.js';
import { snapshot } from '../series/series-run.js';

interface Json {
  readonly findings: readonly { readonly rule: string; readonly file: string }[];
  readonly unchanged: number;
  readonly fixed: readonly unknown[];
}

/** A defect to be put into a driver, and the finding that it makes. */
interface Seed {
  readonly file: string;
  readonly from: RegExp;
  readonly to: string;
  readonly rule: string;
}

/** A driver with findings, of which one is in this function. */
const known = { file: 'drivers/accel/qaic/qaic_data.c', renamed: 'drivers/accel/qaic/qaic_bo.c' };
const knownFunction = /^static void qaic_unprepare_import_bo\([^{]*\{\n[\s\S]*?^\}\n\n/m;

let folder: string;
let env: Readonly<Record<string, string>>;

before(async () => {
  folder = await makeWorkFolder(kernelsFolder());
  env = { XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: join(folder, 'tmp') };
  mkdirSync(join(folder, 'tmp'));
});

after(() => removeWorkFolder(folder));

/** Runs a command in this process: what is analysed after the first tree takes half the time. */
const run = (...args: readonly string[]): Promise<Ran> => runCommand(args, { env });

/** Scans for new findings. @returns the JSON result and the exit code */
async function scanned(
  context: TestContext,
  ...args: readonly string[]
): Promise<Json & { readonly code: number | null }> {
  const began = performance.now();
  const { code, stdout, stderr } = await run('scan', ...args, '--format', 'json');
  assert.equal(stderr, '');
  context.diagnostic(`${((performance.now() - began) / 1000).toFixed(1)} s`);
  return { ...JSON.parse(stdout), code };
}

function edit(tree: string, file: string, change: (text: string) => string): void {
  const text = readFileSync(join(tree, file), 'utf8');
  assert.notEqual(change(text), text, file);
  replaceFile(tree, file, change(text));
}

/** Inserts the defect. @returns a function that removes it */
function plant(tree: string, { file, from, to }: Seed): () => void {
  const text = readFileSync(join(tree, file), 'utf8');
  edit(tree, file, (old) => old.replace(from, to));
  return () => replaceFile(tree, file, text);
}

/** Moves a function with a finding to the end of its file, and all else by some lines. */
function moveFunction(tree: string): void {
  edit(tree, known.file, (text) => {
    const [body = ''] = knownFunction.exec(text) ?? [];
    const prototype = `${body.slice(0, body.indexOf('\n{'))};\n\n`;
    return `/* Lines move. */\n\n${text.replace(body, prototype)}\n${body.trimEnd()}\n`;
  });
}

function renameDriver(tree: string): void {
  renameSync(join(tree, known.file), join(tree, known.renamed));
  edit(tree, join(dirname(known.file), 'Makefile'), (text) => text.replace('qaic_data.o', 'qaic_bo.o'));
}

function assertNothingNew({ code, findings, fixed }: Awaited<ReturnType<typeof scanned>>): void {
  assert.deepEqual([code, findings, fixed], [0, [], []]);
}

function assertSeedOnly({ code, findings, fixed }: Awaited<ReturnType<typeof scanned>>, { rule, file }: Seed): void {
  assert.deepEqual([code, findings.map((found) => `${found.file} ${found.rule}`), fixed], [1, [`${file} ${rule}`], []]);
}

/** Drivers with findings, and what they need of the kernel: an old finding is an old finding without the others, too. */
const part: readonly string[] = [
  ...['Makefile', 'MAINTAINERS', 'include', 'arch/x86/include', 'drivers/dma-buf'],
  ...['drivers/accel/qaic', 'drivers/misc', 'drivers/infiniband/core', 'drivers/infiniband/hw/mlx5'],
  ...['drivers/gpu/drm/drm_prime.c', 'drivers/gpu/drm/drm_gem.c', 'drivers/gpu/drm/drm_internal.h'],
  ...['drivers/gpu/drm/virtio', 'drivers/gpu/drm/xe', 'drivers/gpu/drm/vmwgfx', 'drivers/media/common/videobuf2'],
];

describe('a baseline of drivers of linux 7.x', () => {
  const seed: Seed = {
    file: 'drivers/gpu/drm/virtio/virtgpu_prime.c',
    from: /err_import:\n\tdma_buf_unpin\(attach\);\n/,
    to: 'err_import:\n',
    rule: 'pin-leak',
  };
  const tree = kernelTree('7.x');
  let copy: string;
  let file: string;
  let marker: string;

  before(async () => {
    copy = join(folder, 'copy');
    file = join(folder, 'baseline.jsonl');
    await copyPart('7.x', part, copy);
    marker = join(folder, 'began');
    writeFileSync(marker, '');
  });

  it('holds all that is found', async (context) => {
    const { code, stdout } = await run('baseline', copy, '--output', file);
    context.diagnostic(stdout.trim());
    assert.equal(code, 0);
    const result = await scanned(context, copy, '--baseline', file);
    assertNothingNew(result);
    assert.equal(result.unchanged, readFileSync(file, 'utf8').trim().split('\n').length - 1);
    assert.ok(result.unchanged >= 10);
  });

  it('leaves a seeded defect as the only new finding, until it is mended', async (context) => {
    const mend = plant(copy, seed);
    const outputs = reportFormats.map((format) => `${format}=${join(folder, format)}`);
    const arguments_ = outputs.flatMap((output) => ['--output', output]);
    assertSeedOnly(await scanned(context, copy, '--baseline', file, ...arguments_), seed);
    for (const format of reportFormats)
      assert.equal(countFindings[format](readFileSync(join(folder, format), 'utf8')), 1, format);
    mend();
    assertNothingNew(await scanned(context, copy, '--baseline', file, ...arguments_));
    for (const format of reportFormats)
      assert.equal(countFindings[format](readFileSync(join(folder, format), 'utf8')), 0, format);
  });

  it('knows findings again where lines and functions move, and under a renamed file', async (context) => {
    moveFunction(copy);
    assertNothingNew(await scanned(context, copy, '--baseline', file));
    renameDriver(copy);
    assertNothingNew(await scanned(context, copy, '--baseline', file));
    const before = readFileSync(file, 'utf8');
    assert.equal((await run('baseline', copy, '--output', file)).code, 0);
    assert.equal(
      readFileSync(file, 'utf8').replace(/,"fingerprint":.*/g, ''),
      before.replaceAll(known.file, known.renamed).replace(/,"fingerprint":.*/g, ''),
    );
  });

  it('wrote nothing through the links', () => {
    assert.deepEqual(writtenSince(tree, marker), []);
  });
});

describe('what is new since a revision of drivers of linux 6.12', oneOfSome(false), () => {
  const seed: Seed = {
    file: 'drivers/gpu/drm/drm_prime.c',
    from: /fail_detach:\n\tdma_buf_detach\(dma_buf, attach\);\n/,
    to: 'fail_detach:\n',
    rule: 'attach-leak',
  };
  let repository: string;

  before(async () => {
    repository = await partialRepository('6.12', part, folder);
  });

  it('is nothing in an untouched work tree, which stays as it is', async (context) => {
    const before = await snapshot(repository);
    assertNothingNew(await scanned(context, repository, '--since', 'HEAD'));
    assert.deepEqual(await snapshot(repository), before);
  });

  it('is a seeded defect alone, until it is mended', async (context) => {
    const mend = plant(repository, seed);
    assertSeedOnly(await scanned(context, repository, '--since', 'HEAD'), seed);
    assertSeedOnly(await scanned(context, repository, '--since', 'HEAD', '--no-cache'), seed);
    mend();
    assertNothingNew(await scanned(context, repository, '--since', 'HEAD'));
  });

  it('is nothing that moved, or whose file was renamed and not added yet', async (context) => {
    // The one after the other is tried with a baseline.
    moveFunction(repository);
    renameDriver(repository);
    assertNothingNew(await scanned(context, repository, '--since', 'HEAD'));
  });
});
