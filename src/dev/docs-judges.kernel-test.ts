import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { examplePatches, type Flaw } from './docs-example.js';
import type { Judgement } from './docs-judgement.js';
import { judgeDocs, judges } from './docs-judges.js';
import { docsKernels, needsSphinx } from './docs-kernels.js';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from './kernel-cache.js';

type Judge = (typeof judges)[number];

/** Who must find each flaw, and what must be said of it. Nobody else may complain. */
const finders: Readonly<Record<Flaw, Readonly<Partial<Record<Judge, RegExp>>>>> = {
  'trailing whitespace': { checkpatch: /ERROR: trailing whitespace/, 'git am': /adds whitespace errors/ },
  'other base': { 'git am': /patch does not apply/ },
  'unmatched pattern': { get_maintainer: /no file matches.*dma-buf-exampel/ },
  'unknown parameter': { 'kernel-doc': /'nobody' description/, sphinx: /'nobody' description/ },
  'broken comment': { sphinx: /dma-buf\.c:\d+: WARNING: Inline literal/ },
  'broken page': { sphinx: /example\.rst:\d+: WARNING: Inline emphasis/, docutils: /Inline emphasis/ },
  'page in no toctree': { sphinx: /document isn't included in any toctree/ },
};

for (const version of docsKernels()) {
  describe(`the judges of documentation patches on linux ${version}`, () => {
    let folder: string;
    let count = 0;

    before(async () => {
      folder = await makeWorkFolder(kernelsFolder());
    });

    after(() => removeWorkFolder(folder));

    async function judge(flaw?: Flaw): Promise<readonly Judgement[]> {
      const work = join(folder, String(count++));
      mkdirSync(work);
      const tree = kernelTree(version);
      return judgeDocs(tree, await examplePatches(tree, work, flaw), join(work, 'judges'));
    }

    it('let good patches pass', async (context) => {
      const judgements = await judge();
      for (const { judge, seconds } of judgements) context.diagnostic(`${judge}: ${seconds.toFixed(1)} s`);
      assert.deepEqual(
        judgements.map(({ judge }) => judge),
        judges,
      );
      for (const { judge, verdict, output } of judgements)
        if (verdict !== 'not run' || needsSphinx) assert.equal(verdict, 'passed', `${judge}: ${output}`);
    });

    for (const [flaw, expected] of Object.entries(finders))
      it(`find ${flaw}`, async () => {
        const said = await judge(flaw as Flaw);
        for (const { judge, verdict, output } of said) {
          const pattern = expected[judge as Judge];
          if (pattern === undefined) assert.notEqual(verdict, 'failed', `${judge}: ${output}`);
          else if (verdict !== 'not run' || needsSphinx) {
            assert.equal(verdict, 'failed', judge);
            assert.match(output, pattern);
          }
        }
      });
  });
}
