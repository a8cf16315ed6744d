import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { overlayTree } from '../../input/tree/overlay.js';
import { type FixOutcome, fixFindings, type Result } from '../../lint/index.js';
import { type Ran, run } from '../examples/run-command.js';
import { type AnalysedKernel, analysedKernel, analyseKernel } from '../kernels/analysed-kernel.js';
import { kernelBuild, missingTools } from '../kernels/kernel-build.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { replaceFile } from '../kernels/kernel-copy.js';
import { copyPart } from '../kernels/kernel-repository.js';
import { oneOfSome } from '../run/cases.js';
import { findingKinds } from './finding-kinds.js';
import { attachless, marker, seeds, sow, sowAll, unmarked } from './fixes-seeds.js';

const version = process.env['DMABUF_LINT_KERNEL'] ?? '7.x';

/**
 * The drivers with seeds, and what they need of the kernel, for what the command does of itself. Without other drivers a
 * seed in omapdrm leaves open who holds the lock: it is left out there.
 */
const part: readonly string[] = [
  ...['Makefile', 'MAINTAINERS', 'include', 'arch/x86/include', 'drivers/dma-buf', 'drivers/accel/amdxdna'],
  ...['drivers/gpu/drm/drm_prime.c', 'drivers/gpu/drm/drm_gem.c', 'drivers/gpu/drm/drm_internal.h'],
  ...['drivers/gpu/drm/amd/amdgpu', 'drivers/gpu/drm/virtio', 'drivers/infiniband/core', 'drivers/iommu/iommufd'],
  ...['drivers/media/common/videobuf2', 'drivers/vfio', 'drivers/xen'],
];
const seedsOfPart = seeds.filter(({ file }) => part.some((path) => file.startsWith(path)));

/** The objects to compile for a file that a fix changed. */
function objectsOf(path: string): readonly string[] {
  if (path === 'drivers/infiniband/core/uverbs.h') return ['drivers/infiniband/core/uverbs_std_types_dmabuf.o'];
  return path.endsWith('.c') ? [path.replace(/c$/, 'o')] : [];
}

const missing = missingTools();

interface Fixed {
  readonly seeded: Result;
  readonly outcome: FixOutcome;
}

describe(`fixes on linux ${version}`, () => {
  let kernel: AnalysedKernel;
  const fixed = new Map<typeof seeds, Promise<Fixed>>();
  before(async () => {
    kernel = await analysedKernel(version);
  });

  const read = (path: string): string => kernel.tree.read(path) ?? '';
  /** Findings that the unchanged tree does not have. */
  const added = (result: Result) => findingKinds(result).filter((kind) => !findingKinds(kernel.clean).includes(kind));

  /** Sows defects and fixes them; the same defects once. */
  function fixSeeded(wanted: typeof seeds): Promise<Fixed> {
    const known = fixed.get(wanted) ?? fixAnew(wanted);
    fixed.set(wanted, known);
    return known;
  }

  async function fixAnew(wanted: typeof seeds): Promise<Fixed> {
    const overlay = overlayTree(kernel.tree, sowAll(wanted, read));
    const seeded = await kernel.analyse(overlay);
    return { seeded, outcome: await fixFindings(overlay, seeded, kernel.analyse) };
  }

  const withoutAttach = [attachless];
  /** A whole analysis more, of a tree that nobody has: in CI, one commit of some has it. */
  const marking = oneOfSome(false);

  it('undo every seeded defect, and make nothing new', async (context) => {
    const { seeded, outcome } = await fixSeeded(seeds);
    for (const kind of added(seeded)) context.diagnostic(`seeded: ${kind.slice(0, 110)}`);
    for (const { finding, because } of outcome.unfixed)
      context.diagnostic(`not fixed: ${finding.file}:${finding.line} ${finding.rule}: ${because}`);
    const placesOf = (list: readonly { readonly rule: string; readonly file: string }[]) =>
      list.map(({ rule, file }) => `${rule} in ${file}`).sort();
    const sown = placesOf(seeds.map(({ rule, file, foundIn = file }) => ({ rule, file: foundIn })));
    const undone = placesOf(outcome.fixed.map(({ finding }) => finding)).filter((place) => sown.includes(place));
    assert.deepEqual([...new Set(undone)], [...new Set(sown)]);
    assert.ok(undone.length >= sown.length, `${undone.length} of ${sown.length}`);
    assert.deepEqual(added(outcome.result), []);
  });

  it('give an exporter without attach one that refuses', async () => {
    const { outcome } = await fixSeeded(withoutAttach);
    const text = outcome.files.get(attachless.file) ?? '';
    assert.match(text, /static int vfio_pci_dma_buf_attach\([\s\S]*?dma_buf_attach_revocable\(attach\)/);
    assert.match(text, /\t\.attach = vfio_pci_dma_buf_attach,\n\t\.map_dma_buf = /);
    assert.deepEqual(added(outcome.result), []);
  });

  it('set the marker field of a tree that has one', marking, async () => {
    const { outcome } = await fixSeeded(unmarked);
    const marked = outcome.fixed.filter(({ finding }) => finding.rule === marker.rule);
    assert.ok(new Set(marked.map(({ finding }) => finding.file)).size >= 2, 'two files at least');
    for (const { finding } of marked)
      assert.match(outcome.files.get(finding.file) ?? '', /\n\t\.cannot_revoke = true,\n/, finding.file);
    assert.deepEqual(
      added(outcome.result).filter((kind) => !outcome.unfixed.some(({ finding }) => kind.startsWith(finding.file))),
      [],
    );
  });

  it('compile', missing ? { skip: missing } : {}, async (context) => {
    const outcomes: FixOutcome[] = [];
    for (const wanted of [seeds, withoutAttach, ...(marking.skip ? [] : [unmarked])])
      outcomes.push((await fixSeeded(wanted)).outcome);
    const touched = new Set([marker.file, ...outcomes.flatMap(({ files }) => [...files.keys()])]);
    const { tree, make } = await kernelBuild(version);
    // A file that stays as it is keeps its date, so that nothing is compiled twice.
    const put = (path: string, text: string): void => {
      if (readFileSync(join(tree, path), 'utf8') !== text) replaceFile(tree, path, text);
    };
    for (const [index, { files }] of outcomes.entries()) {
      for (const path of touched) put(path, files.get(path) ?? read(path));
      if (index === 2) put(marker.file, sow(read(marker.file), marker));
      const objects = [...new Set([...files.keys()].flatMap(objectsOf))].sort();
      make(objects);
      context.diagnostic(`compiled: ${objects.join(' ')}`);
    }
    for (const path of touched) put(path, read(path));
  });
});

/** A kernel tree in a folder of its own, with defects sown into it. */
interface SeededCopy {
  readonly copy: string;
  /** The sown texts by path. */
  readonly texts: ReadonlyMap<string, string>;
  scan(...args: readonly string[]): Promise<Ran>;
}

const environment = {
  ...process.env,
  GIT_COMMITTER_NAME: 'A Developer',
  GIT_COMMITTER_EMAIL: 'developer@example.org',
  GIT_AUTHOR_NAME: 'A Developer',
  GIT_AUTHOR_EMAIL: 'developer@example.org',
};

async function seedCopy({ tree }: AnalysedKernel, folder: string): Promise<SeededCopy> {
  const texts = sowAll(seedsOfPart, (path) => tree.read(path) ?? '');
  const copy = join(folder, 'copy');
  await copyPart(version, part, copy);
  for (const [path, text] of texts) replaceFile(copy, path, text);
  const env = { ...environment, XDG_CACHE_HOME: join(folder, 'cache') };
  // In this process: what it has analysed makes it quick.
  const scan = (...args: readonly string[]) => run(['scan', copy, '--format', 'json', ...args], { env });
  return { copy, texts, scan };
}

/** Applies patches by `git am` to the files that they touch, in a new repository. */
function applyPatches(patches: string, copy: string, repository: string): readonly string[] {
  const names = readdirSync(patches).sort();
  const texts = names.map((name) => readFileSync(join(patches, name), 'utf8'));
  const touched = texts.flatMap((text) => [...text.matchAll(/^--- a\/(.+)$/gm)].map(([, path = '']) => path));
  for (const path of new Set(touched)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    cpSync(join(copy, path), join(repository, path));
  }
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: repository, env: environment });
  git('init', '--quiet');
  git('add', '--all', '--force');
  git('commit', '--quiet', '--no-verify', '--message=seeded');
  git('am', '--quiet', ...names.map((name) => join(patches, name)));
  return [...new Set(touched)];
}

// The command makes the fixes that the suite above makes; tests on fixtures run it in every commit.
describe(`fixes by the command on drivers of linux ${version}`, oneOfSome(false), () => {
  let folder: string;
  before(async () => {
    folder = await makeWorkFolder(kernelsFolder());
  });
  after(() => removeWorkFolder(folder));

  it('are written into a tree by --fix, and as patches that git am takes by --fix-patch', async (context) => {
    const root = join(folder, 'part');
    await copyPart(version, part, root);
    const kernel = await analyseKernel(root);
    const { copy, texts, scan } = await seedCopy(kernel, folder);
    const patches = join(folder, 'patches');
    const repository = join(folder, 'repository');
    assert.match((await scan('--fix-patch', patches)).stderr, /^\d+ fixed by a patch, \d+ not fixed$/m);
    const touched = applyPatches(patches, copy, repository);
    for (const name of readdirSync(patches)) context.diagnostic(name);

    const fixed = await scan('--fix');
    assert.equal(fixed.code, 1, fixed.stderr);
    assert.deepEqual(
      findingKinds(JSON.parse(fixed.stdout)).filter((kind) => !findingKinds(kernel.clean).includes(kind)),
      [],
    );
    for (const path of touched)
      assert.equal(readFileSync(join(copy, path), 'utf8'), readFileSync(join(repository, path), 'utf8'), path);
    for (const path of texts.keys())
      assert.equal(readFileSync(join(kernel.root, path), 'utf8'), kernel.tree.read(path), path);
    const written = [...texts.keys(), ...touched].map(
      (path) => [path, readFileSync(join(copy, path), 'utf8')] as const,
    );
    const rescanned = await kernel.analyse(overlayTree(kernel.tree, new Map(written)));
    assert.deepEqual(findingKinds(rescanned), findingKinds(JSON.parse(fixed.stdout)));
  });
});
