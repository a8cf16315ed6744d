import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../src/setup/vscode', import.meta.url));
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** What the extension asks of VS Code, and what becomes of it. */
interface Editor {
  /** The folders in which servers run, and their commands. */
  readonly running: Map<string, readonly string[]>;
  readonly told: string[];
  /** The options that the servers got. */
  readonly options: unknown[];
  open(path: string, languageId?: string, text?: string): void;
  command(name: string): Promise<void>;
  deactivate(): Promise<void>;
}

interface Document {
  readonly languageId: string;
  readonly uri: { readonly scheme: string; readonly fsPath: string };
  getText(): string;
}

interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd: string };
}

/** Loads the extension into an editor of ours. @param fails whether the program cannot be started */
function startEditor(setting: readonly string[], fails = false): Editor {
  const options: unknown[] = [];
  const running = new Map<string, readonly string[]>();
  const told: string[] = [];
  const documents: Document[] = [];
  const opened: ((document: Document) => void)[] = [];
  const commands = new Map<string, () => Promise<void>>();
  class LanguageClient {
    readonly cwd: string;
    readonly words: readonly string[];
    constructor(_id: string, _name: string, server: Server, client: { readonly initializationOptions: unknown }) {
      options.push(client.initializationOptions);
      this.cwd = server.options.cwd;
      this.words = [server.command, ...server.args];
    }
    async start(): Promise<void> {
      if (fails) throw new Error('ENOENT');
      running.set(this.cwd, this.words);
    }
    async dispose(): Promise<void> {
      running.delete(this.cwd);
    }
  }
  const vscode = {
    Uri: { file: (fsPath: string) => ({ fsPath, scheme: 'file' }) },
    RelativePattern: class {},
    window: { showErrorMessage: (text: string) => void told.push(text) },
    workspace: {
      textDocuments: documents,
      getConfiguration: () => ({ get: (name: string) => (name === 'kernel' ? '/usr/src/linux' : setting) }),
      getWorkspaceFolder: () => undefined,
      onDidOpenTextDocument: (listener: (document: Document) => void) => opened.push(listener),
    },
    commands: { registerCommand: (name: string, work: () => Promise<void>) => commands.set(name, work) },
  };
  const modules: Readonly<Record<string, unknown>> = { vscode, 'vscode-languageclient/node': { LanguageClient } };
  const extension: { activate?(context: object): void; deactivate?(): Promise<void> } = {};
  const load = new Function('require', 'exports', readFileSync(join(folder, 'extension.js'), 'utf8'));
  load((name: string) => modules[name] ?? process.getBuiltinModule(name), extension);
  extension.activate?.({ subscriptions: [] });
  return {
    running,
    told,
    options,
    open(path, languageId = 'c', text = '') {
      const document = { languageId, uri: { scheme: 'file', fsPath: path }, getText: () => text };
      documents.push(document);
      for (const listener of opened) listener(document);
    },
    command: async (name) => await (commands.get(name) ?? assert.fail(name))(),
    deactivate: async () => await extension.deactivate?.(),
  };
}

describe('the VS Code extension', () => {
  let top: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'vscode-'));
    for (const tree of ['one', 'two']) {
      mkdirSync(join(top, tree, 'include/linux'), { recursive: true });
      mkdirSync(join(top, tree, 'drivers'));
      writeFileSync(join(top, tree, 'include/linux/dma-buf.h'), '');
    }
  });
  afterEach(() => rmSync(top, { recursive: true }));

  it('starts one server for each kernel tree of which a C file is open', () => {
    const editor = startEditor(['node', '/opt/cli.js']);
    editor.open(join(top, 'one/drivers/a.c'));
    editor.open(join(top, 'one/include/linux/dma-buf.h'));
    editor.open(join(top, 'two/drivers/a.c'));
    editor.open(join(top, 'elsewhere.c'));
    assert.deepEqual(
      editor.running,
      new Map(['one', 'two'].map((tree) => [join(top, tree), ['node', '/opt/cli.js', 'lsp']])),
    );
  });

  it('starts one for a module outside of any tree, with the kernel that the user names', () => {
    const editor = startEditor(['dmabuf-lint']);
    editor.open(join(top, 'module/a.c'), 'c', 'dma_buf_detach(dmabuf, attach);');
    assert.deepEqual([...editor.running.keys()], [join(top, 'module')]);
    assert.deepEqual(editor.options, [{ kernel: '/usr/src/linux' }]);
    assert.ok('dmabuf-lint.kernel' in manifest.contributes.configuration.properties);
  });

  it('leaves other languages alone', () => {
    const editor = startEditor(['dmabuf-lint']);
    editor.open(join(top, 'one/drivers/Makefile'), 'makefile');
    assert.equal(editor.running.size, 0);
  });

  it('starts again on demand, and ends with the editor', async () => {
    const editor = startEditor(['dmabuf-lint']);
    editor.open(join(top, 'one/drivers/a.c'));
    const [{ command }] = manifest.contributes.commands;
    await editor.command(command);
    assert.deepEqual([...editor.running.keys()], [join(top, 'one')]);
    await editor.deactivate();
    assert.equal(editor.running.size, 0);
  });

  it('says which setting names the program, where it cannot be started', async () => {
    const editor = startEditor(['nowhere'], true);
    editor.open(join(top, 'one/drivers/a.c'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(editor.told, ["dmabuf-lint: 'nowhere' cannot be started; set dmabuf-lint.command"]);
    assert.ok('dmabuf-lint.command' in manifest.contributes.configuration.properties);
  });

  it('has fixed versions, and is what the manifest names', () => {
    for (const version of Object.values(manifest.dependencies)) assert.match(String(version), /^\d+\.\d+\.\d+$/);
    assert.equal(manifest.main, './extension.js');
  });
});
