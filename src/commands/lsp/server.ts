import {
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Environment } from '../../base/environment.js';
import { toolVersion } from '../cli/version.js';
import { toDiagnostic } from './diagnostics.js';
import type { Outcome } from './messages.js';
import { followKernel, type KernelSetting } from './modules/kernel-setting.js';
import { answerRequests, type Editor, linesOf } from './requests.js';
import { createSession } from './session.js';

/** If other programs write more files than this at a time, all is analysed anew. */
const mostRereads = 200;

/** What the server is started with. */
export interface ServerOptions {
  /** The kernel that modules outside of any tree are built for. */
  readonly kernel?: string;
  /** For the processes that analyse. */
  readonly env: Environment;
}

/**
 * Serves an editor with diagnostics, hovers, code lenses and code actions. Source: Language Server Protocol 3.17.
 */
export function serve(connection: Connection, { kernel, env }: ServerOptions): { end(): void } {
  const documents = new TextDocuments(TextDocument);
  let client: InitializeParams['capabilities'] = {};
  const session = createSession(env, {
    onOutcome(root, outcome, isCurrent) {
      // A document that changed since gets its diagnostics from the next analysis: its lines have moved.
      for (const document of documents.all()) if (isCurrent(document.uri)) publish(editor, document, root, outcome);
      if (client.workspace?.codeLens?.refreshSupport) connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
    },
    onTrouble(message) {
      const params = { type: MessageType.Warning, message: `dmabuf-lint: ${message}` };
      connection.sendNotification(ShowMessageNotification.method, params).catch(ignore);
    },
    onProgress: progressIn(connection),
  });
  const editor: Editor = { connection, documents, session };
  const setting = followKernel(connection, kernel, (folder) => {
    if (session.useKernel(folder)) startAnew(editor);
  });
  connection.onInitialize((params) => {
    client = params.capabilities;
    setting.initialise(params);
    return abilities();
  });
  connection.onInitialized(() => {
    watchFiles(connection, client);
    setting.ask(client);
  });
  followEdits(editor, setting);
  answerRequests(editor);
  connection.onShutdown(() => session.end());
  documents.listen(connection);
  connection.listen();
  return session;
}

/**
 * Shows how far the first analysis of each tree is, in an editor that can show it.
 * @returns what takes the progress of a tree, or null when it is at its end
 */
function progressIn({ window }: Pick<Connection, 'window'>): (root: string, message: string | null) => void {
  const shown = new Map<string, Promise<(WorkDoneProgressReporter & { done(): void }) | null>>();
  const begin = async (message: string) => {
    const reporter = await window.createWorkDoneProgress();
    reporter.begin('dmabuf-lint', undefined, message);
    return reporter;
  };
  return (root, message) => {
    const former = shown.get(root);
    if (message === null) {
      shown.delete(root);
      void former?.then((reporter) => reporter?.done());
    } else if (former) void former.then((reporter) => reporter?.report(message));
    // A client may refuse.
    else
      shown.set(
        root,
        begin(message).catch(() => null),
      );
  };
}

/** What the server can do, for the client. */
function abilities(): InitializeResult {
  return {
    serverInfo: { name: 'dmabuf-lint', version: toolVersion() },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      codeLensProvider: {},
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix], resolveProvider: true },
    },
  };
}

/** Shows the findings in a document, if it belongs to the tree that was analysed. */
function publish({ connection, session }: Editor, document: TextDocument, root: string, outcome: Outcome): void {
  const file = session.fileOf(document.uri);
  if (file?.root !== root) return;
  const lines = linesOf(document);
  const own = outcome.findings.filter((finding) => finding.file === file.path);
  const diagnostics = own.map((finding) => toDiagnostic(finding, root, lines));
  connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics }).catch(ignore);
}

/** Gives each new text of a file to the session, whether the user or another program wrote it. */
function followEdits(editor: Editor, setting: KernelSetting): void {
  const { connection, documents, session } = editor;
  documents.onDidChangeContent(({ document }) => session.edit(document));
  documents.onDidOpen(async ({ document }) => {
    await setting.settled();
    session.tellStray(document);
  });
  documents.onDidClose(({ document }) => {
    session.reread(document.uri);
    connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }).catch(ignore);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.length > mostRereads) return startAnew(editor);
    // For an open document the editor's text counts, not the one on the disk.
    for (const { uri } of changes) if (!documents.get(uri)) session.reread(uri);
  });
}

/** After a change of branch, or with another kernel, nothing that is known of a tree holds. */
function startAnew({ documents, session }: Editor): void {
  session.end();
  for (const document of documents.all()) session.edit(document);
}

/** For answers of a client that is gone, or that does not know a request. */
function ignore(): void {}

/** Asks the client for events about files that other programs write, as git does when the branch changes. */
function watchFiles(connection: Connection, client: InitializeParams['capabilities']): void {
  if (!client.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
  const watchers = [{ globPattern: '**/*.{c,h}' }];
  connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(ignore);
}
