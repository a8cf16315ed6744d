import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../../dev/examples/example-tree.js';
import { run } from '../../../dev/examples/run-command.js';
import { formatNamed, scanFormats } from '../../formats/formats.js';
import { usualLimits } from '../../series/part/reach.js';

const importer = 'drivers/misc/staticimp/staticimp.c';
const exporter = 'drivers/misc/refuseall/refuseall.c';
const leak = 'int added(int fd)\n{\n\tstruct dma_buf *buf = dma_buf_get(fd);\n\treturn 0;\n}\n';
const ops = 'static const struct dma_buf_ops added_ops = {\n\t.map_dma_buf = NULL,\n};\n';
const around = /; analysed around ([^;]*) \(--whole analyses the whole tree\) \(/;
const summary = /\d+ importers?, [^\n]*\n$/;

let top: string;
let linux: ExampleRepository;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'change-part-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  for (const path of [importer, exporter])
    linux.write(path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8'));
  for (let number = 0; number < usualLimits.leastSources; number++) linux.write(`lib/${number}.c`, '');
  linux.commit('two drivers, and many files');
  linux.git('tag', 'start');
});
after(() => rmSync(top, { recursive: true }));
beforeEach(() => {
  linux.git('checkout', '--quiet', '--force', '--detach', 'start');
  linux.git('clean', '--quiet', '-fdx');
});

function add(path: string, text: string): void {
  linux.edit(path, '#include <linux/dma-buf.h>\n', `#include <linux/dma-buf.h>\n${text}`);
  linux.git('add', '--all');
}

interface Shown {
  readonly code: number;
  /** What is printed, without the summary. */
  readonly told: string;
  /** The folders of the part, as the summary names them; null for the whole tree. */
  readonly part: string | null;
}

async function scan(...args: readonly string[]): Promise<Shown> {
  const ran = await run(['scan', '.', '--staged', '--since', 'HEAD', ...args], { cwd: linux.folder });
  const { code, stdout, stderr } = ran;
  return { code, told: stdout + stderr.replace(summary, ''), part: around.exec(stderr)?.[1] ?? null };
}

describe('a change in a large tree', () => {
  it('is judged by the driver that it changes, and told as in the whole', async () => {
    add(importer, leak);
    const part = await scan('--format', 'gcc');
    const whole = await scan('--format', 'gcc', '--whole');
    assert.match(part.told, /staticimp\.c:\d+:\d+: error: reference from dma_buf_get\(\) /);
    assert.deepEqual([part.part, whole.part], ['drivers/misc/staticimp', null]);
    assert.deepEqual([part.code, part.told], [whole.code, whole.told]);
  });

  it('is judged so where a terminal shows findings only, too', async () => {
    add(importer, leak);
    const seen = async (...args: readonly string[]) =>
      /drivers\/misc\/refuseall/.test((await scan('--format', 'text', ...args)).told);
    assert.deepEqual([await seen(), await seen('--quiet')], [true, false]);
  });

  it('is judged by all of it in the formats that the manual names', () => {
    const ofWhole = scanFormats.filter((name) => {
      const { showsInventory, tellsAffected } = formatNamed(name);
      return showsInventory !== undefined || tellsAffected;
    });
    assert.deepEqual([...ofWhole].sort(), ['html', 'json', 'mail', 'text']);
  });

  it('may add a driver, rename one, or touch none', async () => {
    linux.write('drivers/misc/more/more.c', `#include <linux/dma-buf.h>\n${leak}`);
    linux.git('add', '--all');
    assert.match((await scan('--format', 'gcc')).told, /drivers\/misc\/more\/more\.c:\d+:\d+: error: reference/);
    linux.git('reset', '--quiet', '--hard');
    linux.git('mv', importer, 'drivers/misc/staticimp/renamed.c');
    // Whoever tells of importers by their file sees that.
    assert.deepEqual(await scan('--format', 'gcc'), { code: 0, told: '', part: null });
    linux.git('reset', '--quiet', '--hard');
    linux.write('lib/1.c', 'int one;\n');
    linux.git('add', '--all');
    assert.deepEqual(await scan('--format', 'gcc'), { code: 0, told: '', part: 'lib' });
  });

  it('is judged by all of the tree where others see it: an exporter, which importers meet', async () => {
    add(exporter, ops);
    assert.equal((await scan('--format', 'gcc')).part, null);
  });

  it('is judged by all of the tree beside a baseline, which knows all of its findings', async () => {
    linux.write('old.json', '{"version":1}\n');
    linux.commit('keep a baseline');
    add(importer, leak);
    const { part, told } = await scan('--format', 'gcc', '--baseline', 'old.json');
    assert.equal(part, null);
    assert.match(told, /error: reference from dma_buf_get\(\) /);
  });
});
