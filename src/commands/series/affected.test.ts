import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ExampleRepository, makeRepository } from '../../dev/examples/example-repository.js';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { run as runCommand } from '../../dev/examples/run-command.js';
import type { SeriesOutcome } from '../../lint/index.js';
import { affectedBy } from './affected.js';

let top: string;
let linux: ExampleRepository;

const exporter = 'drivers/misc/refuseall/refuseall.c';
const users = ['odd', 'even'];
const maintainers = `Maintainers List

MISC
M:\tMia <mia@example.org>
F:\tdrivers/misc/

ACCELERATORS
M:\tAcc <acc@example.org>
L:\taccel@lists.example (moderated)
F:\tdrivers/accel/

ODD
M:\tOda <oda@example.org>
F:\tdrivers/odd/

THE REST
L:\tlinux-kernel@lists.example
F:\t*
F:\t*/
`;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'affected-'));
  linux = makeRepository(join(top, 'linux'), 'invalidate-mappings');
  const files = ['split.h', 'split_attach.c', 'split_pin.c', 'Makefile'].map((name) => `drivers/accel/split/${name}`);
  for (const path of [exporter, ...files])
    linux.write(path, readFileSync(join(fixturesFolder, 'invalidate-mappings', path), 'utf8'));
  // Two drivers stand behind the ops table of a third, whose helper they can call since it is exported.
  linux.edit(
    'drivers/accel/split/split_attach.c',
    '\nvoid split_bo_free(',
    'EXPORT_SYMBOL_GPL(split_bo_import);\n\nvoid split_bo_free(',
  );
  for (const user of users) {
    linux.write(
      `drivers/${user}/${user}_main.c`,
      `#include "../accel/split/split.h"\n\nint ${user}_get(struct split_bo *bo, struct dma_buf *dmabuf)\n{\n\treturn split_bo_import(bo, dmabuf);\n}\n`,
    );
    linux.write(`drivers/${user}/Makefile`, `obj-m += ${user}-drv.o\n${user}-drv-y := ${user}_main.o\n`);
  }
  linux.write('MAINTAINERS', maintainers);
  linux.commit('an exporter, an importer, and its users');
  linux.edit(exporter, 'return -EOPNOTSUPP;', 'return 0;');
  linux.commit('refuseall: let everybody in');
  const patch = linux.git('format-patch', '--stdout', '--cc', 'Acc <ACC@example.org>', 'HEAD~1..HEAD');
  writeFileSync(join(top, 'one.mbox'), patch);
});
after(() => rmSync(top, { recursive: true }));

const run = (format: string) =>
  runCommand(['series', '../one.mbox', '--base', 'HEAD~1', '--format', format], { cwd: linux.folder });

describe('a series that changes what others get', () => {
  it('tells in a reply which tables, which drivers stand behind them, and who did not get the mails', async () => {
    const { stdout } = await run('mail');
    const text = stdout.replace(/\n {2}/g, ' ');
    assert.match(
      text,
      /^Affected outside of the series:\n- split \(split_attach_ops\) in drivers\/accel\/split\/split_attach\.c, behind it: even-drv, odd-drv\n\n/m,
    );
    assert.match(
      text,
      /^By MAINTAINERS, they should hear of it, and did not get the mails:\n- Oda <oda@example\.org>\n- accel@lists\.example\n- linux-kernel@lists\.example\n\n/m,
    );
  });

  it('names the rules and their pages at the end of the reply', async () => {
    const { stdout } = await run('mail');
    assert.match(stdout, /^What the rules check, and what they cannot know:\n {2}dmabuf-lint explain [\w-]+$/m);
    assert.doesNotMatch(stdout, /docs-out/, 'a path of the package says nothing to who reads the mail');
  });

  it('tells the same as Markdown', async () => {
    const { stdout } = await run('markdown');
    assert.match(stdout, /^## Affected outside of the series$/m);
    assert.match(
      stdout,
      /^- `split \(split_attach_ops\)` in `drivers\/accel\/split\/split_attach\.c`, behind it: even-drv, odd-drv$/m,
    );
    assert.match(stdout, /^- Oda \\?<oda\\?@example\.org>$/m);
  });
});

describe('what a finding outside of the series is about', () => {
  const dialect = { callback: 'invalidate_mappings', notify: 'n', revocableCheck: null, markers: [] };
  const treeWith = (staticImporters: readonly unknown[]) => ({
    inventory: { dialect, importers: [], staticImporters, exporters: [] },
    testFiles: [],
    negotiation: { importers: [], exporters: [], cells: [] },
    notAnalysed: [],
    unknownUses: [],
  });
  const importer = { file: 'drivers/x.c', function: 'x_open' };
  const namesIn = async (...subjects: readonly string[]): Promise<readonly string[]> => {
    const findings = subjects.map((subject) => ({ patch: null, file: 'drivers/x.c', mark: { subject } }));
    const series = { cover: null, patches: [], baseText: async () => null, baseTree: { read: () => undefined } };
    const judged = { patches: [], series, start: treeWith([importer]), end: treeWith([]) };
    const { tables } = await affectedBy({ judged, findings } as unknown as SeriesOutcome);
    return tables.map(({ name }) => name);
  };

  it('is listed by its name alone, and once', async () => {
    assert.deepEqual(await namesIn('dma_buf_attach:x_open', 'dma_buf_attach:x_probe', 'x_probe'), [
      'x_open()',
      'x_probe',
    ]);
  });
});
