import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyFixture } from '../examples/example-tree.js';
import { run as runHere } from '../examples/run-command.js';
import { runCli } from '../run/run-cli.js';

const driver = 'drivers/rnic/unmarked/unmarked.c';
/** As make calls a checker: flags of sparse, flags of gcc, the file. */
const flags = [
  '-D__linux__',
  '-Wbitwise',
  '-m64',
  '-Wp,-MMD,x.d',
  '-nostdinc',
  '-I./include',
  '-V',
  '--version',
  '-O2',
];

describe('dmabuf-lint kbuild', () => {
  let top: string;
  let tree: string;

  before(() => {
    top = mkdtempSync(join(tmpdir(), 'kbuild-'));
    tree = join(top, 'tree');
    copyFixture('marker-field', tree, ['drivers/rnic/unmarked', 'drivers/rnic/marked']);
    mkdirSync(join(tree, 'drivers/misc'));
  });
  after(() => rmSync(top, { recursive: true }));

  /** What make, or whoever called it, has set must not matter. */
  const plain = Object.fromEntries(
    ['srctree', 'abs_srctree', 'KBUILD_EXTRA_WARN', 'KBUILD_EXTMOD'].map((name) => [name, undefined] as const),
  );
  const surroundings = (env: NodeJS.ProcessEnv, cwd: string) => ({
    cwd,
    env: { ...plain, XDG_CACHE_HOME: join(top, 'cache'), ...env },
  });
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = tree) =>
    runHere(['kbuild', ...args], surroundings(env, cwd));

  it('prints what is wrong in the file as warnings, and does not break the build', async () => {
    const { code, stdout, stderr } = await runCli(['kbuild', ...flags, driver], surroundings({}, tree));
    assert.equal(code, 0);
    assert.equal(stdout, '');
    const [first, ...trace] = stderr.trimEnd().split('\n');
    assert.match(
      first ?? '',
      /^drivers\/rnic\/unmarked\/unmarked\.c:16:40: warning: pinned importer 'unmk_ops' .* \[pinned-importer-unmarked\]$/,
    );
    assert.ok(trace.length > 0);
    for (const line of trace) assert.match(line, /^drivers\/rnic\/unmarked\/unmarked\.c:\d+:1: note: /);
  });

  it('says the same of the file under its whole path, in a build outside of the tree', async () => {
    const { code, stderr } = await run([...flags, join(tree, driver)], { srctree: tree }, top);
    assert.equal(code, 0);
    assert.ok(stderr.startsWith(`${join(tree, driver)}:16:40: warning: `), stderr);
  });

  it('knows a module outside of the tree, which is built with make M=', async () => {
    const module = join(top, 'module');
    mkdirSync(module);
    writeFileSync(join(module, 'unmarked.c'), readFileSync(join(tree, driver), 'utf8'));
    const env = { srctree: tree, KBUILD_EXTMOD: module };
    // Since 6.13 make works in the folder of the module, before that in the kernel's.
    const inModule = await run([...flags, 'unmarked.c'], env, module);
    assert.match(inModule.stderr, /^unmarked\.c:16:40: warning: pinned importer 'unmk_ops' /);
    assert.match(inModule.stderr, /^unmarked\.c:27:1: note: attached here/m);
    const inTree = await run([...flags, join(module, 'unmarked.c')], env, tree);
    assert.ok(inTree.stderr.startsWith(`${join(module, 'unmarked.c')}:16:40: warning: `), inTree.stderr);
  });

  it('is silent about a file in which nothing is wrong, and about what is no C', async () => {
    writeFileSync(join(tree, 'drivers/other.c'), 'int x;\n');
    for (const file of ['drivers/rnic/marked/marked.c', 'drivers/other.c'])
      assert.equal((await run([...flags, file])).stderr, '');
    writeFileSync(join(tree, 'drivers/entry.S'), 'dma_buf_\n');
    assert.equal((await run([...flags, 'drivers/entry.S'])).stderr, '');
  });

  it('tells notes to who asks make for more', async () => {
    const note = 'drivers/misc/note.c';
    writeFileSync(join(tree, note), '/* dma_buf_invalidate_mappings() is what it was not called then. */\n');
    assert.equal((await run([...flags, note])).stderr, '');
    assert.match(
      (await run([...flags, note], { KBUILD_EXTRA_WARN: '1' })).stderr,
      /note\.c:1:4: warning: refers to 'dma_buf_invalidate_mappings'/,
    );
    rmSync(join(tree, note));
  });

  it('sees that a file was changed', async () => {
    const text = readFileSync(join(tree, driver), 'utf8');
    appendFileSync(join(tree, driver), '/* more */\n');
    writeFileSync(
      join(tree, driver),
      text.replace('static const struct dma_buf_attach_ops', '\nstatic const struct dma_buf_attach_ops'),
    );
    assert.match((await run([...flags, driver])).stderr, /unmarked\.c:17:40: warning/);
    writeFileSync(join(tree, driver), text);
  });

  it('says in one line what goes wrong, and does not break the build', async () => {
    const broken = join(tree, 'dmabuf-lint.json');
    writeFileSync(broken, '{');
    writeFileSync(join(top, 'alone.c'), 'int dma_buf_x;\n');
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /no C file among the arguments/],
      [['nothing.c'], /nothing\.c/],
      [[join(top, 'alone.c')], /is not in a kernel tree/],
      [[driver], /dmabuf-lint\.json/],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr } = await run(args);
      assert.equal(code, 0);
      assert.match(stderr, /^dmabuf-lint: kbuild: [^\n]+\n$/);
      assert.match(stderr, expected);
    }
    rmSync(broken);
  });
});
