import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openMemory } from '../../input/tree/tree.js';
import { coreFiles, fixturesFolder } from '../examples/example-tree.js';
import { findMutants } from './mutants.js';
import { recallTable, sample, tryMutants } from './recall.js';

const driver = 'drivers/example/example.c';
const lines = [
  '#include <linux/dma-buf.h>',
  'int ex_show(struct dma_buf *dmabuf, struct device *dev)',
  '{',
  '\tstruct dma_buf_attachment *attach;',
  '\tstruct sg_table *sgt;',
  '',
  '\tattach = dma_buf_attach(dmabuf, dev);',
  '\tif (IS_ERR(attach))',
  '\t\treturn PTR_ERR(attach);',
  '\tsgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);',
  '\tif (IS_ERR(sgt)) {',
  '\t\tdma_buf_detach(dmabuf, attach);',
  '\t\treturn PTR_ERR(sgt);',
  '\t}',
  '\tex_read(sgt);',
  '\tdma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);',
  '\tdma_buf_detach(dmabuf, attach);',
  '\treturn 0;',
  '}',
  '',
];

describe('the mistakes that are put into a driver', () => {
  const core = coreFiles.map((path) => [path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8')]);
  const tree = openMemory('example', { ...Object.fromEntries(core), [driver]: lines.join('\n') });

  it('are all that its releases, locks and tests allow, each at its line', async () => {
    const found = (await findMutants(tree)).map(({ line, mistake, function: name }) => `${line} ${name}: ${mistake}`);
    assert.deepEqual(found.sort(), [
      '11 ex_show: error not tested',
      '11 ex_show: error tested as NULL',
      '12 ex_show: release made twice',
      '12 ex_show: release removed, taken in the same function',
      '16 ex_show: detached before the unmap',
      '16 ex_show: release made twice',
      '16 ex_show: release removed, taken in the same function',
      '16 ex_show: unmapped in another direction',
      '17 ex_show: release made twice',
      '17 ex_show: release removed, taken in the same function',
      '8 ex_show: error not tested',
      '8 ex_show: error tested as NULL',
    ]);
  });

  it('are told by the rules that they are mistakes of', async () => {
    const mutants = (await findMutants(tree)).filter(({ line }) => line === 16);
    const trials = await tryMutants(tree, mutants);
    assert.deepEqual(
      trials.map(({ mutant, told, rules }) => [mutant.mistake, told, rules]),
      [
        ['release removed, taken in the same function', 'high', ['map-leak']],
        ['release made twice', 'high', ['double-unmap']],
        ['unmapped in another direction', 'high', ['direction-mismatch']],
        ['detached before the unmap', 'high', ['use-after-detach']],
      ],
    );
    const [, , , , last] = recallTable(trials).trim().split('\n').toReversed();
    assert.equal(last, '| detached before the unmap | 1 | 1 | 1 | 0 | 0 | 0 | 100 % |');
  });

  it('are jumps that skip a release: to a label too far down, or out of the function', async () => {
    const jumping = [
      '#include <linux/dma-buf.h>',
      'int ex_keep(struct ex *ex, int fd)',
      '{',
      '\tint ret = 0;',
      '',
      '\tex->dmabuf = dma_buf_get(fd);',
      '\tex->attach = dma_buf_attach(ex->dmabuf, ex->dev);',
      '\tif (ex_start(ex))',
      '\t\tgoto detach;',
      '\tif (ex->done)',
      '\t\tgoto out;',
      '\treturn 0;',
      'detach:',
      '\tdma_buf_detach(ex->dmabuf, ex->attach);',
      '\tdma_buf_put(ex->dmabuf);',
      'out:',
      '\treturn ret;',
      '}',
      '',
    ];
    const mutants = await findMutants(openMemory('example', { [driver]: jumping.join('\n') }));
    assert.deepEqual(
      mutants
        .filter(({ code }) => code.startsWith('goto'))
        .map(({ line, mistake, instead }) => [line, mistake, instead]),
      [
        [9, 'error goes to a label too far down', 'goto out'],
        [9, 'error returns at once', 'return -EIO'],
      ],
    );
  });

  it('are no jumps to labels behind which the work goes on, to labels of another way out, or in code that never runs', async () => {
    const working = [
      '#include <linux/dma-buf.h>',
      'int ex_look(struct ex *ex, int fd)',
      '{',
      '\tint ret = 0;',
      '',
      '\tex->dmabuf = dma_buf_get(fd);',
      '\tif (ex->known)',
      '\t\tgoto known;',
      '\tif (ex->found)',
      '\t\tgoto found;',
      '\tif (0)',
      '\t\tgoto put;',
      '\tif (ex_start(ex))',
      '\t\tgoto fail;',
      'found:',
      '\tret = ex_add(ex);',
      '\tif (ret)',
      '\t\tdma_buf_put(ex->dmabuf);',
      '\treturn ret;',
      'known:',
      '\tex->count++;',
      '\treturn 0;',
      'fail:',
      '\tret = PTR_ERR(ex->error);',
      '\tdma_buf_put(ex->dmabuf);',
      '\treturn ret;',
      'put:',
      '\tdma_buf_put(ex->dmabuf);',
      '\treturn -EIO;',
      '}',
      '',
    ];
    const mutants = await findMutants(openMemory('example', { [driver]: working.join('\n') }));
    assert.deepEqual(
      mutants
        .filter(({ code }) => code.startsWith('goto'))
        .map(({ line, mistake, instead }) => [line, mistake, instead]),
      [[14, 'error returns at once', 'return -EIO']],
    );
  });

  it('are one statement, also where a release is made twice behind an `if` without braces', async () => {
    const twice = [
      '#include <linux/dma-buf.h>',
      'void ex_drop(struct ex *ex)',
      '{',
      '\tif (ex->dmabuf)',
      '\t\tdma_buf_put(ex->dmabuf);',
      '}',
      '',
    ];
    const mutants = await findMutants(openMemory('example', { [driver]: twice.join('\n') }));
    assert.deepEqual(
      mutants.filter(({ mistake }) => mistake === 'release made twice').map(({ instead }) => instead),
      ['dma_buf_put(ex->dmabuf), dma_buf_put(ex->dmabuf)'],
    );
  });

  it('are sampled so that kinds and files take turns', async () => {
    const mutants = await findMutants(tree);
    const kinds = new Set(sample(mutants, 6, 1).map(({ mistake }) => mistake));
    assert.equal(kinds.size, 6);
    assert.deepEqual(sample(mutants, 6, 1), sample(mutants, 6, 1));
    assert.equal(sample(mutants, 100, 1).length, mutants.length);
  });
});
