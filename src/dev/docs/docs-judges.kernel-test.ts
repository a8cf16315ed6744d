import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { kernelsFolder, kernelTree, makeWorkFolder, removeWorkFolder } from '../kernels/kernel-cache.js';
import { oneOfSome } from '../run/cases.js';
import { examplePatches, type Flaw } from './docs-example.js';
import type { Judgement } from './docs-judgement.js';
import { judgeDocs, judges } from './docs-judges.js';
import { docsKernels, mayBeMissing, passes } from './docs-kernels.js';

type Judge = (typeof judges)[number];

/** Flaws, the judges that must find them, and patterns for what they print. No other judge may fail. */
interface Case {
  readonly wrong: readonly Flaw[];
  readonly found: Readonly<Partial<Record<Judge, readonly RegExp[]>>>;
}

// Flaws for different judges share a case: a run of all judges takes a quarter of a minute.
const cases: readonly Case[] = [
  {
    wrong: [
      'trailing whitespace',
      'unmatched pattern',
      'unknown parameter',
      'broken page',
      'broken comment',
      'page in no toctree',
    ],
    found: {
      checkpatch: [/ERROR: trailing whitespace/],
      'git am': [/adds whitespace errors/],
      get_maintainer: [/no file matches.*dma-buf-exampel/],
      'kernel-doc': [/'nobody' description/],
      sphinx: [
        /example\.rst:\d+: WARNING: Inline emphasis/,
        /dma-buf\.c:\d+: WARNING: Inline literal/,
        /document isn't included in any toctree/,
      ],
      docutils: [/Inline emphasis/],
    },
  },
  { wrong: ['other base'], found: { 'git am': [/patch does not apply/] } },
];

for (const version of docsKernels()) {
  const isNewest = version === docsKernels().at(-1);
  describe(`the judges of documentation patches on linux ${version}`, () => {
    let folder: string;
    let count = 0;

    before(async () => {
      folder = await makeWorkFolder(kernelsFolder());
    });

    after(() => removeWorkFolder(folder));

    async function judge(wrong: readonly Flaw[]): Promise<readonly Judgement[]> {
      const work = join(folder, String(count++));
      mkdirSync(work);
      const tree = kernelTree(version);
      return judgeDocs(tree, await examplePatches(tree, work, wrong), join(work, 'judges'));
    }

    // On the other trees, they let the patches pass that `docs` writes.
    it('let good patches pass', isNewest ? {} : { skip: 'on the newest tree' }, async (context) => {
      const judgements = await judge([]);
      assert.deepEqual(
        judgements.map(({ judge }) => judge),
        judges,
      );
      for (const judgement of judgements) await context.test(judgement.judge, (own) => passes(own, judgement));
    });

    // All cases run on the newest tree. On the others, one case for each judge is enough, and need not always run.
    for (const { wrong, found } of isNewest ? cases : cases.slice(0, 1))
      it(`find ${wrong.join(', ')}`, oneOfSome(isNewest), async () => {
        for (const { judge: name, verdict, output } of await judge(wrong)) {
          const patterns = found[name as Judge];
          if (patterns === undefined) assert.notEqual(verdict, 'failed', `${name}: ${output}`);
          else if (!mayBeMissing({ judge: name, verdict })) {
            assert.equal(verdict, 'failed', name);
            for (const pattern of patterns) assert.match(output, pattern);
          }
        }
      });
  });
}
