import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { scanOfKernel } from '../kernels/kernel-scan.js';
import { judgeDocs } from './docs-judges.js';
import { docsKernels, passes } from './docs-kernels.js';
import { type DocsPatch, patchesIn } from './docs-patches.js';
import { type DocsRun, runDocs } from './docs-run.js';
import { copyTree, newDriver, removeCallback, replaceFile, writtenSince } from './docs-tree.js';

for (const version of docsKernels()) {
  describe(`docs on linux ${version}`, () => {
    const tree = kernelTree(version);
    let folder: string;
    let home: string;
    let marker: string;
    let patches: readonly DocsPatch[] = [];

    before(async () => {
      folder = await makeWorkFolder(kernelsFolder());
      home = join(folder, 'home');
      mkdirSync(home);
      marker = join(folder, 'began');
      writeFileSync(marker, '');
    });

    after(() => removeWorkFolder(folder));

    const docs = (...args: readonly string[]): Promise<DocsRun> => runDocs(args, home);
    const copy = () => join(folder, 'copy');
    const out = () => join(folder, 'patches');

    it('writes patches', async (context) => {
      const run = await docs(tree, '--out', out());
      assert.equal(run.code, 0, run.stderr);
      patches = patchesIn(out());
      for (const { name } of patches) context.diagnostic(name);
      assert.ok(patches.length >= 3, `${patches.length} patches`);
      assert.ok(patches.some(({ touched }) => touched.includes('include/linux/dma-buf.h')));
      assert.ok(patches.some(({ added }) => added.includes('Documentation/driver-api/dma-buf-invalidation.rst')));
    });

    it('passes before every judge', async (context) => {
      const judgements = await judgeDocs(tree, out(), join(folder, 'judges'));
      for (const judgement of judgements) await context.test(judgement.judge, (own) => passes(own, judgement));
    });

    it('finds the tree stale', async () => {
      const { code, stdout, stderr } = await docs(tree, '--check');
      assert.equal(code, 1, stderr);
      assert.match(stdout + stderr, /dma-buf/);
    });

    it('has nothing more to say once the patches are applied', async () => {
      const touched = new Set(patches.flatMap((patch) => patch.touched));
      await copyTree(tree, copy(), [...touched]);
      const applied = join(folder, 'judges', 'repository');
      for (const file of touched) replaceFile(copy(), file, readFileSync(join(applied, file), 'utf8'));
      const check = await docs(copy(), '--check');
      assert.equal(check.code, 0, check.stdout + check.stderr);
      const again = join(folder, 'again');
      mkdirSync(again);
      const run = await docs(copy(), '--out', again);
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual(patchesIn(again), []);
    });

    it('finds the page stale when an importer changes or comes, until it is written anew', async (context) => {
      const scanned = (await scanOfKernel(version)).result;
      const changed = scanned.importers.find(({ callback, file }) => callback !== null && !file.includes('/tests/'));
      assert.ok(changed, 'no importer with a callback');
      removeCallback(copy(), changed, scanned.dialect.callback);
      await stale(context, changed);
      const driver = newDriver(scanned.dialect.callback);
      replaceFile(copy(), driver.file, driver.text);
      await stale(context, driver);
      const write = await docs(copy(), '--write');
      assert.equal(write.code, 0, write.stderr);
      const check = await docs(copy(), '--check');
      assert.equal(check.code, 0, check.stdout + check.stderr);
    });

    it('has not touched the tree', () => assert.deepEqual(writtenSince(tree, marker), []));

    async function stale(context: TestContext, importer: { readonly ops: string; readonly file: string }) {
      const { code, stdout, stderr } = await docs(copy(), '--check');
      context.diagnostic(`${importer.ops}: ${(stdout + stderr).trim()}`);
      assert.equal(code, 1, stderr);
      assert.ok(
        [importer.ops, importer.file].some((name) => (stdout + stderr).includes(name)),
        stdout + stderr,
      );
    }
  });
}
