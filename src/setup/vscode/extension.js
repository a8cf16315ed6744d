// VS Code: runs `dmabuf-lint lsp` for each kernel tree of which a C file is open, beside the C extension.

const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

/** The header that a kernel tree has at its top, below which dmabuf-lint works. */
const header = 'include/linux/dma-buf.h';

/** The clients that run, by the top of their tree. */
const clients = new Map();

/** The top of the kernel tree that a file lies in; null where it lies in none. */
function treeOf(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, header))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** The folder of a module outside of any tree: of the workspace, or else of the file. The server says if it knows no kernel. */
function moduleOf(document) {
  if (!document.getText().includes('dma_buf_')) return null;
  return vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? dirname(document.uri.fsPath);
}

/** Starts a server for the tree or module of a document, unless there is one. */
function serve(document) {
  const { languageId, uri } = document;
  if (languageId !== 'c' || uri.scheme !== 'file') return;
  const tree = treeOf(uri.fsPath) ?? moduleOf(document);
  if (tree === null || clients.has(tree)) return;
  const settings = vscode.workspace.getConfiguration('dmabuf-lint');
  const [command, ...args] = settings.get('command');
  const folder = vscode.Uri.file(tree);
  const client = new LanguageClient(
    'dmabuf-lint',
    'dmabuf-lint',
    { command, args: [...args, 'lsp'], options: { cwd: tree } },
    {
      documentSelector: [{ scheme: 'file', language: 'c', pattern: new vscode.RelativePattern(folder, '**') }],
      initializationOptions: { kernel: settings.get('kernel') },
      workspaceFolder: { uri: folder, name: 'linux', index: 0 },
    },
  );
  clients.set(tree, client);
  client.start().catch(() => {
    vscode.window.showErrorMessage(`dmabuf-lint: '${command}' cannot be started; set dmabuf-lint.command`);
  });
}

async function stop() {
  const running = [...clients.values()];
  clients.clear();
  await Promise.all(running.map((client) => client.dispose()));
}

exports.activate = (context) => {
  const serveOpen = () => vscode.workspace.textDocuments.forEach(serve);
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(serve),
    vscode.commands.registerCommand('dmabuf-lint.restart', async () => {
      await stop();
      serveOpen();
    }),
  );
  serveOpen();
};

exports.deactivate = stop;
