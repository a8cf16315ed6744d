import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Connection } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { copyFixture } from '../../../dev/examples/example-tree.js';
import { openMemory } from '../../../input/tree/tree.js';
import { createEngine } from '../engine.js';
import { createSession } from '../session.js';
import { kernelFileOf } from './kernel-file.js';
import { followKernel } from './kernel-setting.js';
import { linkedFiles } from './linked-files.js';

let top: string;
let kernel: string;
let module: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'modules-'));
  kernel = join(top, 'linux');
  copyFixture('marker-field', kernel, ['drivers/rnic/unmarked']);
  module = join(top, 'module');
  mkdirSync(module);
  cpSync(join(kernel, 'drivers/rnic/unmarked'), join(module, 'src'), { recursive: true });
  writeFileSync(join(module, 'Makefile'), 'obj-m += unmarked.o\nunmarked-y := src/unmarked.o\n');
});
after(() => rmSync(top, { recursive: true }));

const uri = (path: string): string => pathToFileURL(path).href;

describe('a module outside of any kernel tree, in an editor', () => {
  it('is the folders with a file for make, and needs a kernel', () => {
    const file = uri(join(module, 'src/unmarked.c'));
    assert.deepEqual(kernelFileOf(file, kernel), { root: module, path: 'src/unmarked.c', kernel });
    assert.equal(kernelFileOf(file, null), null);
    const inTree = kernelFileOf(uri(join(kernel, 'drivers/rnic/unmarked/unmarked.c')), '/elsewhere');
    assert.deepEqual(inTree, { root: kernel, path: 'drivers/rnic/unmarked/unmarked.c', kernel: null });
    assert.equal(kernelFileOf(uri(join(module, 'Makefile')), kernel), null);
  });

  it('is judged with its kernel, as it is typed, and its places are told from its folder', async () => {
    const engine = createEngine(module, 'tree', kernel);
    const text = readFileSync(join(module, 'src/unmarked.c'), 'utf8');
    const { findings, inventory } = await engine.analyse([['src/unmarked.c', text]]);
    assert.deepEqual(
      findings.map(({ file, rule, trace }) => [file, rule, ...new Set(trace.map((step) => step.file))]),
      [['src/unmarked.c', 'pinned-importer-unmarked', 'src/unmarked.c']],
    );
    assert.deepEqual(
      inventory.importers.map(({ file }) => file),
      ['src/unmarked.c'],
    );
    const fix = await engine.fix(findings[0]?.fingerprint ?? '');
    assert.deepEqual(fix.kind === 'fix' && fix.files.map(([path]) => path), ['src/unmarked.c']);
    const good = await engine.analyse([['src/unmarked.c', '#include <linux/dma-buf.h>\n']]);
    assert.deepEqual(good.findings, []);
  });

  it('without a kernel is told once what to do, other C files are not', () => {
    const told: string[] = [];
    const events = {
      onOutcome: () => undefined,
      onTrouble: (message: string) => void told.push(message),
      onProgress: () => undefined,
    };
    const session = createSession({}, events);
    const tell = (path: string, text: string) => session.tellStray(TextDocument.create(uri(path), 'c', 1, text));
    tell(join(top, 'player.c'), '#include <linux/dma-buf.h>\nint dma_buf_count;\n');
    tell(join(kernel, 'drivers/a.c'), 'dma_buf_put(b);');
    assert.deepEqual(told, []);
    for (const name of ['a.c', 'b.c']) tell(join(module, name), 'dma_buf_put(b);');
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /\/module\/a\.c is in no kernel tree; [^\n]* set 'kernel'/);
    assert.deepEqual([session.useKernel(kernel), session.useKernel(kernel)], [true, false]);
    session.useKernel(module);
    assert.match(told[1] ?? '', /^kernel '[^']*\/module': has no include\/linux\/dma-buf\.h; name a kernel tree/);
  });
});

describe('a module that is linked into a kernel tree', () => {
  it('is read whole, though a walk of the tree does not follow the link', () => {
    symlinkSync(module, join(kernel, 'drivers/linked'));
    const tree = openMemory('linux', { 'drivers/a.c': '' });
    const linked = (path: string) => linkedFiles(kernel, tree, [[path, '']]);
    assert.deepEqual(linked('drivers/linked/src/new.c'), ['drivers/linked/src/unmarked.c']);
    assert.deepEqual([...linked('drivers/a.c'), ...linked('drivers/new.c')], []);
  });
});

describe('the kernel that an editor names', () => {
  it('is the last that the command line, the options at the start and the settings say', async () => {
    const used: string[] = [];
    let changed: (event: { settings: unknown }) => void = () => assert.fail();
    let settings: unknown = { kernel: '/asked' };
    const connection = {
      onDidChangeConfiguration(listener: typeof changed) {
        changed = listener;
      },
      workspace: { getConfiguration: async () => settings },
    } as unknown as Connection;
    const setting = followKernel(connection, '/given', (folder) => void used.push(folder));
    setting.initialise({ initializationOptions: { kernel: '/options' } });
    setting.initialise({ initializationOptions: { kernel: '' } });
    changed({ settings: { 'dmabuf-lint': { kernel: '/pushed' } } });
    setting.ask({ workspace: { configuration: true } });
    await setting.settled();
    settings = null;
    changed({ settings: null });
    await setting.settled();
    assert.deepEqual(used, ['/given', '/options', '/pushed', '/asked']);
  });
});
