import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, Hover, TextEdit } from 'vscode-languageserver-protocol/node';
import { placeholderReason } from '../../commands/lsp/suppress.js';
import { copyFixture, fixturesFolder } from '../examples/example-tree.js';
import { type Client, type Published, startClient } from '../lsp/lsp-client.js';
import { onlyInCi } from '../run/cases.js';
import { cli } from '../run/run-cli.js';

const driver = 'drivers/odd/odd.c';
const stub = readFileSync(join(fixturesFolder, 'formats/stub.c'), 'utf8');
const clean = stub.replace(/\t\.invalidate_mappings.*\n/, '');
const table = stub.slice(0, stub.indexOf('odd_ops')).split('\n').length - 1;

let top: string;
let root: string;
let file: string;

before(() => {
  top = mkdtempSync(join(tmpdir(), 'lsp-'));
  root = join(top, 'linux');
  copyFixture('invalidate-mappings', root, ['drivers/misc/nopin']);
  mkdirSync(join(root, 'drivers/odd'));
  cpSync(join(fixturesFolder, 'formats/stub.c'), join(root, driver));
  file = join(root, driver);
});
after(() => rmSync(top, { recursive: true }));

const rules = ({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) => diagnostics.map(({ code }) => code);
const shows =
  (...expected: readonly string[]) =>
  (published: Published) =>
    JSON.stringify(rules(published)) === JSON.stringify(expected);
const uri = (path: string): string => pathToFileURL(path).href;

describe('dmabuf-lint lsp', () => {
  let server: Client;
  before(async () => {
    server = await startClient(root);
  });
  after(async () => assert.equal(await server.end(), 0));

  /** Gives work the server, without what it said before; the files that it opens are closed in the end. */
  async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
    const started = performance.now();
    const said = server.messages.length;
    const opened = new Set<string>();
    const open: Client['open'] = (path, text) => {
      opened.add(path);
      server.open(path, text);
    };
    const published: Client['published'] = (path, fits, since = started) => server.published(path, fits, since);
    try {
      await work({
        ...server,
        open,
        published,
        get messages() {
          return server.messages.slice(said);
        },
      });
    } finally {
      for (const path of opened) await close(path);
    }
  }

  /** Closes a file. The server has noticed once it answers. */
  async function close(path: string): Promise<void> {
    const textDocument = { uri: uri(path) };
    await server.connection.sendNotification('textDocument/didClose', { textDocument });
    await server.connection.sendRequest('textDocument/codeLens', { textDocument });
  }

  it('shows what is wrong in an open file, with the places that led there', () =>
    withClient(async (client) => {
      client.open(file, stub);
      const [diagnostic] = (await client.published(file, shows('pinned-importer-unmarked'))).diagnostics;
      const { start, end } = diagnostic?.range ?? assert.fail();
      assert.equal(stub.split('\n')[start.line]?.slice(start.character, end.character), 'odd_ops');
      assert.equal(diagnostic?.source, 'dmabuf-lint');
      const messages = diagnostic?.relatedInformation?.map(({ message }) => message);
      assert.deepEqual(messages, [
        'attached here by odd_import()',
        "the ops are 'odd_ops'",
        'pinned here by odd_import()',
        'odd_invalidate() only warns',
      ]);
    }));

  it('tells how far it is with the tree, until it is done', async () => {
    const kinds = () => server.progress.map(({ kind }) => kind);
    for (let times = 0; times < 6000 && kinds().at(-1) !== 'end'; times += 1) await sleep(10);
    assert.deepEqual([kinds()[0], kinds().at(-1)], ['begin', 'end']);
    assert.equal(server.progress[0]?.message, 'searching the tree');
  });

  it('follows what is typed, though nothing is saved', () =>
    withClient(async (client) => {
      client.open(file, clean);
      await client.published(file, shows());
      client.change(file, 2, stub);
      await client.published(file, (one) => one.version === 2 && shows('pinned-importer-unmarked')(one));
      client.change(file, 3, clean);
      await client.published(file, (one) => one.version === 3 && shows()(one));
      assert.equal(readFileSync(file, 'utf8'), stub);
    }));

  it('shows what another open file does to this one', onlyInCi, () =>
    withClient(async (client) => {
      const other = join(root, 'drivers/odd/other.c');
      writeFileSync(other, '');
      client.open(
        file,
        stub
          .replace('ret = dma_buf_pin(buf->attach);', 'ret = odd_pin(buf);')
          .replace('#include <linux/dma-resv.h>', '$&\n\nstruct odd_buf;\nint odd_pin(struct odd_buf *buf);'),
      );
      client.open(
        other,
        '#include <linux/dma-buf.h>\nstruct odd_buf { struct device *dev; struct dma_buf_attachment *attach; };\nint odd_pin(struct odd_buf *buf)\n{\n\treturn dma_buf_pin(buf->attach);\n}\n',
      );
      await client.published(file, shows('pinned-importer-unmarked'));
      rmSync(other);
    }),
  );

  it('takes its diagnostics back when a file is closed', onlyInCi, () =>
    withClient(async (client) => {
      client.open(file, stub);
      await client.published(file, shows('pinned-importer-unmarked'));
      const since = performance.now();
      await close(file);
      await client.published(file, shows(), since);
    }),
  );

  it("shows a rule's page over a finding, and what is known of an importer over its table", () =>
    withClient(async (client) => {
      client.open(file, stub);
      await client.published(file, shows('pinned-importer-unmarked'));
      const character = stub.split('\n')[table]?.indexOf('odd_ops') ?? -1;
      const hover: Hover | null = await client.connection.sendRequest('textDocument/hover', {
        textDocument: { uri: uri(file) },
        position: { line: table, character: character + 2 },
      });
      const value =
        hover && 'value' in Object(hover.contents) ? (hover.contents as { value: string }).value : assert.fail();
      for (const text of [
        '**pinned-importer-unmarked**',
        '### How to fix',
        'dma-buf importer: undeclared-non-revocable',
        '`odd_invalidate()`: it does nothing',
        `${driver}:29 \`odd_import()\``,
      ])
        assert.ok(value.includes(text), `${text} in ${value}`);
      assert.ok(!value.includes('```c bad'));
    }));

  it('shows beside each ops table what it amounts to', () =>
    withClient(async (client) => {
      client.open(file, stub);
      await client.published(file, shows('pinned-importer-unmarked'));
      const lenses = await client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri: uri(file) } });
      assert.deepEqual(lenses, [
        {
          range: { start: { line: table, character: 0 }, end: { line: table, character: 0 } },
          command: { title: 'dma-buf importer: undeclared-non-revocable; pins always; callback stub', command: '' },
        },
      ]);
    }));

  it('offers a comment that suppresses a finding, and it does', () =>
    withClient(async (client) => {
      client.open(file, stub);
      const { diagnostics } = await client.published(file, shows('pinned-importer-unmarked'));
      const actions = await actionsAt(client, file, diagnostics);
      const suppress = actions.find(({ title }) => /suppress/.test(title));
      const edits = suppress?.edit?.changes?.[uri(file)] ?? assert.fail();
      assert.ok(edits[0]?.newText.includes(placeholderReason));
      client.change(file, 2, applyEdits(stub, edits));
      await client.published(file, (one) => one.version === 2 && shows()(one));
    }));

  it('offers the fix of a finding, tries it first, and it does', () =>
    withClient(async (client) => {
      client.open(file, stub);
      const { diagnostics } = await client.published(file, shows('pinned-importer-unmarked'));
      const fix = await fixAt(client, file, diagnostics);
      assert.match(fix.title, /'odd_ops'/);
      const [edit] = fix.edit?.changes?.[uri(file)] ?? [];
      assert.ok(edit && !edit.newText.includes('odd_invalidate'));
      client.change(file, 2, edit.newText);
      await client.published(file, (one) => one.version === 2 && shows()(one));
    }));

  it('says once what to do for a module that belongs to no kernel tree, and no more of it', onlyInCi, () =>
    withClient(async (client) => {
      const outside = join(top, 'alone.c');
      client.open(outside, stub);
      client.open(join(top, 'notes.c'), '/* no module */\n');
      client.open(file, stub);
      await client.published(file, shows('pinned-importer-unmarked'));
      assert.equal(
        await client.connection.sendRequest('textDocument/hover', {
          textDocument: { uri: uri(outside) },
          position: { line: table, character: 45 },
        }),
        null,
      );
      assert.equal(client.messages.length, 1);
      assert.match(client.messages[0] ?? '', /alone\.c is in no kernel tree; .* set 'kernel'/);
    }),
  );

  it('tells of a configuration that cannot be read, and goes on once it can', () =>
    withClient(async (client) => {
      writeFileSync(join(root, 'dmabuf-lint.json'), '{"ruls": {}}');
      client.open(file, stub);
      for (let times = 0; client.messages.length === 0 && times < 200; times++) await sleep(50);
      assert.match(client.messages[0] ?? '', /^dmabuf-lint: .*dmabuf-lint\.json: .*'ruls'/);
      rmSync(join(root, 'dmabuf-lint.json'));
      client.change(file, 2, `${stub}\n`);
      await client.published(file, (one) => one.version === 2 && shows('pinned-importer-unmarked')(one));
    }));
});

async function actionsAt(
  client: Client,
  path: string,
  diagnostics: readonly Diagnostic[],
): Promise<readonly CodeAction[]> {
  const [first] = diagnostics;
  return (await client.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri: uri(path) },
    range: first?.range,
    context: { diagnostics },
  })) as CodeAction[];
}

/** The fix that is offered, worked out; it is offered as soon as the whole tree is known. */
async function fixAt(client: Client, path: string, diagnostics: readonly Diagnostic[]): Promise<CodeAction> {
  for (let times = 0; times < 200; times++) {
    const offered = (await actionsAt(client, path, diagnostics)).find(({ isPreferred }) => isPreferred);
    const fix = offered && ((await client.connection.sendRequest('codeAction/resolve', offered)) as CodeAction);
    if (fix?.edit) return fix;
    await sleep(50);
  }
  return assert.fail('no fix is offered');
}

/** Edits of whole lines, as a client makes them. */
function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  for (const { range, newText } of edits) {
    assert.deepEqual([range.start.character, range.end], [0, range.start]);
    lines.splice(range.start.line, 0, ...newText.split('\n').slice(0, -1));
  }
  return lines.join('\n');
}

describe('a client that does not keep to the protocol', () => {
  const started: Client[] = [];
  // The server of a test that failed would keep this process from ending.
  afterEach(() => {
    for (const { process: server } of started.splice(0)) server.kill('SIGKILL');
  });

  async function start(): Promise<Client> {
    const client = await startClient(root);
    started.push(client);
    return client;
  }

  async function endOf(
    send: (stdin: NodeJS.WritableStream) => void,
  ): Promise<{ readonly code: number | null; readonly stderr: string }> {
    const child = spawn(process.execPath, [cli, 'lsp'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => undefined);
    send(child.stdin);
    const [code] = await once(child, 'close');
    return { code, stderr };
  }

  it('is told in one line, and the server ends', async () => {
    const { code, stderr } = await endOf((stdin) => stdin.write('GET / HTTP/1.1\r\n\r\nhello\u001b[31m\r\n\r\n'));
    assert.equal(code, 2);
    assert.match(stderr, /^dmabuf-lint: standard input: .*; the client does not speak the language server protocol\n$/);
  });

  it('is told so too where no line of a header ends, and it waits', onlyInCi, async () => {
    const { code, stderr } = await endOf((stdin) => stdin.write('hello\n'));
    assert.equal(code, 2);
    assert.match(stderr, /^dmabuf-lint: standard input: begins with 'hello\\x0a'; .*\n$/);
  });

  it('is left alone when it sends a message that is no JSON', onlyInCi, async () => {
    const { code, stderr } = await endOf((stdin) => stdin.write('Content-Length: 5\r\n\r\n{"a":'));
    assert.equal(code, 2);
    assert.match(stderr, /^dmabuf-lint: standard input: .*\n$/);
  });

  it('takes the server with it when it dies, and what analyses too', async () => {
    const client = await start();
    client.open(file, stub);
    await client.published(file, shows('pinned-importer-unmarked'));
    const children = childrenOf(client.process.pid ?? 0);
    assert.ok(children.length > 0);
    client.process.stdin?.destroy();
    await once(client.process, 'close');
    client.connection.dispose();
    for (let times = 0; children.some(isAlive) && times < 100; times++) await sleep(50);
    assert.deepEqual(children.filter(isAlive), []);
  });

  it('finds the analysis again after it crashed', onlyInCi, async () => {
    const client = await start();
    client.open(file, stub);
    await client.published(file, shows('pinned-importer-unmarked'));
    await sleep(500); // until only the process for the whole tree is left
    for (const child of childrenOf(client.process.pid ?? 0)) process.kill(child, 'SIGSEGV');
    client.change(file, 2, clean);
    await client.published(file, (one) => one.version === 2 && shows()(one));
    client.change(file, 3, stub);
    await client.published(file, (one) => one.version === 3 && shows('pinned-importer-unmarked')(one));
    assert.equal(await client.end(), 0);
  });
});

/** The processes that one started, as Linux tells. */
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, state = ''] = /\) (.*)$/.exec(readFileSync(`/proc/${name}/stat`, 'utf8').trimEnd()) ?? [];
        return Number(state.split(' ')[1]) === parent && !state.startsWith('Z');
      } catch {
        return false;
      }
    })
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
