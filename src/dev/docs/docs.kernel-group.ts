import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { patchSeries } from '../../docs/patch-drafts.js';
import { planDocumentation } from '../../docs/plan.js';
import { formatPatches } from '../../input/git/format-patch.js';
import { overlayTree } from '../../input/tree/overlay.js';
import { type AnalysedKernel, analysedKernel } from '../kernels/analysed-kernel.js';
import { kernelsFolder, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { replaceFile, writtenSince } from '../kernels/kernel-copy.js';
import { copyPart, ownGit } from '../kernels/kernel-repository.js';
import { oneOfSome } from '../run/cases.js';
import { judgeDocs } from './docs-judges.js';
import { docsKernels, passes } from './docs-kernels.js';
import { type DocsPatch, patchesIn } from './docs-patches.js';
import { runDocs } from './docs-run.js';
import { newDriver, withoutCallback } from './docs-tree.js';

/** What the page is made of, but for most of the drivers: that it is written anew does not depend on how many there are. */
const part: readonly string[] = [
  ...['Makefile', 'MAINTAINERS', 'include', 'Documentation/driver-api', 'Documentation/process'],
  ...['Documentation/userspace-api', 'drivers/dma-buf', 'drivers/gpu/drm/virtio', 'drivers/infiniband/core'],
];

const origin = { tool: 'test', removals: new Map(), links: [] };

for (const version of docsKernels()) {
  /** On the newest tree the command runs. On the others its parts do, with the analysis that other tests need too. */
  const isNewest = version === docsKernels().at(-1);
  describe(`docs on linux ${version}`, oneOfSome(isNewest), () => {
    let kernel: AnalysedKernel;
    let folder: string;
    let marker: string;
    let patches: readonly DocsPatch[] = [];
    /** The files as the patches leave them, and later changes. */
    const texts = new Map<string, string>();

    before(async () => {
      kernel = await analysedKernel(version);
      folder = await makeWorkFolder(kernelsFolder());
      mkdirSync(join(folder, 'home'));
      marker = join(folder, 'began');
      writeFileSync(marker, '');
    });

    after(() => removeWorkFolder(folder));

    const docs = (...args: readonly string[]) => runDocs(args, join(folder, 'home'));
    const out = () => join(folder, 'patches');

    /** What the documentation of a tree with these changes lacks. */
    async function planOf(changes: ReadonlyMap<string, string>) {
      // A tree must not change once it was analysed: the next analysis is compared with it.
      const { contract } = await kernel.analyse(overlayTree(kernel.tree, new Map(changes)));
      const plan = planDocumentation(contract);
      return {
        stale: plan.stale.map(({ path, line, message, kind }) => `${path}:${line}:1: warning: ${message} [${kind}]\n`),
        drafts: patchSeries(plan, contract, origin).drafts,
      };
    }

    async function writePatches(): Promise<void> {
      if (isNewest) {
        const run = await docs(kernel.root, '--out', out(), '--signoff');
        return assert.equal(run.code, 0, run.stderr);
      }
      const { contract } = kernel.clean;
      const env = { ...process.env, ...ownGit };
      const author = {
        identity: { name: 'Nobody', email: 'nobody@example.org' },
        isSigned: true,
        seconds: 0,
        signature: 'dmabuf-lint',
      };
      const files = await formatPatches(patchSeries(planDocumentation(contract), contract, origin).drafts, author, env);
      mkdirSync(out());
      for (const { name, text } of files) writeFileSync(join(out(), name), text);
    }

    it('writes patches', async (context) => {
      await writePatches();
      patches = patchesIn(out());
      for (const { name } of patches) context.diagnostic(name);
      assert.ok(patches.length >= 3, `${patches.length} patches`);
      assert.ok(patches.some(({ touched }) => touched.includes('include/linux/dma-buf.h')));
      assert.ok(patches.some(({ added }) => added.includes('Documentation/driver-api/dma-buf-invalidation.rst')));
    });

    it('passes before every judge', async (context) => {
      const judgements = await judgeDocs(kernel.root, out(), join(folder, 'judges'));
      for (const judgement of judgements) await context.test(judgement.judge, (own) => passes(own, judgement));
    });

    it('finds the tree stale', async () => {
      const { stale } = await planOf(new Map());
      assert.ok(stale.length > 0);
      assert.match(stale.join(''), /dma-buf/);
    });

    it('has nothing more to say once the patches are applied', async () => {
      const applied = join(folder, 'judges', 'repository');
      for (const file of patches.flatMap(({ touched }) => touched))
        texts.set(file, readFileSync(join(applied, file), 'utf8'));
      assert.deepEqual(await planOf(texts), { stale: [], drafts: [] });
    });

    it('finds the page stale when an importer changes or comes', async (context) => {
      const { dialect, importers } = kernel.clean.contract;
      const found = importers.find(({ callback, place }) => callback !== null && !place.file.includes('/tests/'));
      assert.ok(found, 'no importer with a callback');
      const changed = { ops: found.table.name, file: found.place.file, callback: found.callback };
      const text = texts.get(changed.file) ?? kernel.tree.read(changed.file) ?? '';
      texts.set(changed.file, withoutCallback(text, changed, dialect.callback));
      const driver = newDriver(dialect.callback);
      for (const [importer, expected] of [
        [changed, /importer '[^']+': 'when called back' is '[^']+' on the page, and 'has no callback' in the code/],
        [driver, /importer 'docs-example' is not listed/],
      ] as const) {
        if (importer === driver) texts.set(driver.file, driver.text);
        const stale = (await planOf(texts)).stale.join('');
        context.diagnostic(`${importer.ops}: ${stale.trim()}`);
        assert.match(stale, expected);
      }
    });

    it('writes the stale page anew', isNewest ? {} : { skip: 'the command runs on the newest tree' }, async () => {
      const copy = join(folder, 'copy');
      const touched = [...texts.keys()].filter((file) => kernel.tree.has(file));
      await copyPart(version, [...part, ...touched], copy);
      for (const [file, text] of texts) replaceFile(copy, file, text);
      const stale = await docs(copy, '--check');
      assert.equal(stale.code, 1, stale.stderr);
      assert.match(stale.stdout, /importer 'docs-example' is not listed/);
      const write = await docs(copy, '--write');
      assert.equal(write.code, 0, write.stderr);
      const check = await docs(copy, '--check');
      assert.equal(check.code, 0, check.stdout + check.stderr);
    });

    it('has not touched the tree', () => assert.deepEqual(writtenSince(kernel.root, marker), []));
  });
}
