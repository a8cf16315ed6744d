import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { rules } from '../../../rules/index.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { rememberingTree } from '../../input/tree/remembering.js';
import { openFolder, type SourceTree } from '../../input/tree/tree.js';
import { lintTree } from '../../lint/analysis.js';
import { defaultConfig, type Finding, type FixOutcome, fixFindings, type Result } from '../../lint/index.js';
import { createUnitStore } from '../../program/index.js';
import { copyTree, replaceFile } from '../docs/docs-tree.js';
import { makeKernel, missingTools } from '../kernels/kernel-build.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { cli } from '../series/series-run.js';
import { attachless, marker, seeds, seedsOfMoveNotify, sow, sowAll, unmarked } from './fixes-seeds.js';

const version = process.env['DMABUF_LINT_KERNEL'] ?? '7.x';

/** Findings without what moves. */
function kinds({ findings }: { readonly findings: readonly Pick<Finding, 'rule' | 'file' | 'message'>[] }) {
  return findings.map(({ rule, file, message }) => `${file} ${rule} ${message.replace(/line \d+/g, 'line')}`).sort();
}

/** What is made of a file that fixes change. */
function objectsOf(path: string): readonly string[] {
  if (path === 'drivers/infiniband/core/uverbs.h') return ['drivers/infiniband/core/uverbs_std_types_dmabuf.o'];
  return path.endsWith('.c') ? [path.replace(/c$/, 'o')] : [];
}

const missing = missingTools();

describe(`fixes on linux ${version}`, () => {
  const root = kernelTree(version);
  const tree = rememberingTree(openFolder(root));
  const store = createUnitStore();
  const analyse = (changed: SourceTree) => lintTree(changed, rules, defaultConfig, null, performance.now(), store);
  const read = (path: string): string => tree.read(path) ?? '';
  let clean: Result;
  let folder: string;
  before(async () => {
    clean = await analyse(tree);
    folder = await makeWorkFolder(kernelsFolder());
  });
  after(() => removeWorkFolder(folder));

  /** What is not in the tree as it is. */
  const added = (result: Result) => kinds(result).filter((kind) => !kinds(clean).includes(kind));
  const fixSeeded = async (wanted: typeof seeds): Promise<{ seeded: Result; outcome: FixOutcome }> => {
    const overlay = overlayTree(tree, sowAll(wanted, read));
    const seeded = await analyse(overlay);
    return { seeded, outcome: await fixFindings(overlay, seeded, analyse) };
  };

  it('undo every seeded defect, and make nothing new', async (context) => {
    const { seeded, outcome } = await fixSeeded(seeds);
    for (const kind of added(seeded)) context.diagnostic(`seeded: ${kind.slice(0, 110)}`);
    for (const { finding, because } of outcome.unfixed)
      context.diagnostic(`not fixed: ${finding.file}:${finding.line} ${finding.rule}: ${because}`);
    const placesOf = (list: readonly { readonly rule: string; readonly file: string }[]) =>
      list.map(({ rule, file }) => `${rule} in ${file}`).sort();
    const sown = placesOf(seeds.map(({ rule, file, foundIn = file }) => ({ rule, file: foundIn })));
    const fixed = placesOf(outcome.fixed.map(({ finding }) => finding)).filter((place) => sown.includes(place));
    assert.deepEqual([...new Set(fixed)], [...new Set(sown)]);
    assert.ok(fixed.length >= sown.length, `${fixed.length} of ${sown.length}`);
    assert.deepEqual(added(outcome.result), []);
  });

  it('give an exporter without attach one that refuses', async () => {
    const { outcome } = await fixSeeded([attachless]);
    const text = outcome.files.get(attachless.file) ?? '';
    assert.match(text, /static int vfio_pci_dma_buf_attach\([\s\S]*?dma_buf_attach_revocable\(attach\)/);
    assert.match(text, /\t\.attach = vfio_pci_dma_buf_attach,\n\t\.map_dma_buf = /);
    assert.deepEqual(added(outcome.result), []);
  });

  it('set the marker field of a tree that has one', async () => {
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
    for (const wanted of [seeds, [attachless], unmarked]) outcomes.push((await fixSeeded(wanted)).outcome);
    const touched = new Set(outcomes.flatMap(({ files }) => [...files.keys()]));
    const copy = join(folder, 'built');
    await copyTree(root, copy, [...touched]);
    const build = join(folder, 'build');
    mkdirSync(build);
    makeKernel({ tree: copy, build }, ['allmodconfig']);
    for (const [index, { files }] of outcomes.entries()) {
      for (const path of touched) replaceFile(copy, path, files.get(path) ?? read(path));
      if (index === 2) replaceFile(copy, marker.file, sow(read(marker.file), marker));
      const objects = [...new Set([...files.keys()].flatMap(objectsOf))].sort();
      makeKernel({ tree: copy, build }, objects);
      context.diagnostic(`compiled: ${objects.join(' ')}`);
    }
  });

  it('are written into a tree by --fix, and as patches that git am takes by --fix-patch', async (context) => {
    const texts = sowAll(seeds, read);
    const copy = join(folder, 'copy');
    await copyTree(root, copy, [...texts.keys()]);
    for (const [path, text] of texts) replaceFile(copy, path, text);
    const environment = {
      ...process.env,
      GIT_COMMITTER_NAME: 'A Developer',
      GIT_COMMITTER_EMAIL: 'developer@example.org',
      GIT_AUTHOR_NAME: 'A Developer',
      GIT_AUTHOR_EMAIL: 'developer@example.org',
    };
    const scan = (...args: readonly string[]) =>
      spawnSync(process.execPath, [cli, 'scan', copy, '--format', 'json', ...args], {
        encoding: 'utf8',
        env: environment,
        maxBuffer: 1 << 28,
      });
    const patches = join(folder, 'patches');
    const made = scan('--fix-patch', patches);
    assert.match(made.stderr, /^\d+ fixed, \d+ not fixed$/m);
    const repository = join(folder, 'repository');
    const touched = new Set<string>();
    const names = readdirSync(patches).sort();
    for (const name of names)
      for (const [, path = ''] of readFileSync(join(patches, name), 'utf8').matchAll(/^--- a\/(.+)$/gm))
        touched.add(path);
    for (const path of touched) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      cpSync(join(copy, path), join(repository, path));
    }
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: repository, env: environment });
    git('init', '--quiet');
    git('add', '--all', '--force');
    git('commit', '--quiet', '--no-verify', '--message=seeded');
    git('am', '--quiet', ...names.map((name) => join(patches, name)));
    for (const name of names) context.diagnostic(name);

    const run = scan('--fix');
    assert.equal(run.status, 1, run.stderr);
    assert.deepEqual(
      kinds(JSON.parse(run.stdout)).filter((kind) => !kinds(clean).includes(kind)),
      [],
    );
    for (const path of touched)
      assert.equal(readFileSync(join(copy, path), 'utf8'), readFileSync(join(repository, path), 'utf8'), path);
    for (const path of texts.keys()) assert.equal(readFileSync(join(root, path), 'utf8'), read(path), path);
    const again = scan();
    assert.deepEqual(kinds(JSON.parse(again.stdout)), kinds(JSON.parse(run.stdout)));
  });
});

describe('fixes on linux 6.12', () => {
  it('undo seeded defects as this tree has the names, and make nothing new', async () => {
    const tree = rememberingTree(openFolder(kernelTree('6.12')));
    const store = createUnitStore();
    const analyse = (changed: SourceTree) => lintTree(changed, rules, defaultConfig, null, performance.now(), store);
    const clean = await analyse(tree);
    const texts = sowAll(seedsOfMoveNotify, (path) => tree.read(path) ?? '');
    const overlay = overlayTree(tree, texts);
    const { files, result } = await fixFindings(overlay, await analyse(overlay), analyse);
    for (const path of texts.keys()) assert.equal(files.get(path), tree.read(path), path);
    assert.deepEqual(
      kinds(result).filter((kind) => !kinds(clean).includes(kind)),
      [],
    );
  });
});
