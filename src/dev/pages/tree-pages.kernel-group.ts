import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kernelVersion } from '../../contract/index.js';
import { analysedKernel } from '../kernels/analysed-kernel.js';
import { pagesOf, sampleFolder, samplePages, sampleVersion } from './tree-pages.js';
import { docsFolder } from './write-docs.js';

describe('the sample page', () => {
  it(`is what Linux ${sampleVersion} gives`, async (test) => {
    const { tree, clean } = await analysedKernel('7.x');
    const version = kernelVersion(tree);
    if (version !== sampleVersion) return test.skip(`the sample is of ${sampleVersion}, and this is ${version}`);
    const kept = samplePages(docsFolder);
    const made = pagesOf(clean.contract);
    assert.ok(made.size > 0);
    for (const [name, text] of made) assert.equal(kept.get(`${sampleFolder}/${name}`), text, name);
  });
});
