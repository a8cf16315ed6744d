import {
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Environment } from '../../base/environment.js';
import { toolVersion } from '../cli/version.js';
import { actionsFor, type FixData } from './actions.js';
import { toDiagnostic } from './diagnostics.js';
import { hoverAt } from './hover.js';
import type { FixAnswer, Outcome } from './messages.js';
import { createSession, type KernelFile, kernelFileOf, uriOf } from './session.js';
import { summaryOfTable, tablesIn } from './tables.js';

/** If other programs write more files than this at a time, all is analysed anew. */
const mostRereads = 200;

/**
 * Serves an editor with diagnostics, hovers, code lenses and code actions. Source: Language Server Protocol 3.17.
 * @param env for the processes that analyse
 */
export function serve(connection: Connection, env: Environment): { end(): void } {
  const documents = new TextDocuments(TextDocument);
  let client: InitializeParams['capabilities'] = {};
  const session = createSession(env, {
    onOutcome(root, outcome, isCurrent) {
      // A document that changed since gets its diagnostics from the next analysis: its lines have moved.
      for (const document of documents.all()) if (isCurrent(document.uri)) publish(document, root, outcome);
      if (client.workspace?.codeLens?.refreshSupport) connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
    },
    onTrouble(message) {
      const params = { type: MessageType.Warning, message: `dmabuf-lint: ${message}` };
      connection.sendNotification(ShowMessageNotification.method, params).catch(ignore);
    },
  });

  function publish(document: TextDocument, root: string, outcome: Outcome): void {
    const file = kernelFileOf(document.uri);
    if (file?.root !== root) return;
    const lines = linesOf(document);
    const own = outcome.findings.filter((finding) => finding.file === file.path);
    const diagnostics = own.map((finding) => toDiagnostic(finding, root, lines));
    connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics }).catch(ignore);
  }

  /** After a change of branch nothing that is known of the tree holds. */
  function startAnew(): void {
    session.end();
    for (const document of documents.all()) session.edit(document);
  }

  /** An open document of a kernel tree, with the latest outcome for that tree. */
  function known(
    uri: string,
  ): { readonly file: KernelFile; readonly outcome: Outcome; readonly lines: readonly string[] } | null {
    const document = documents.get(uri);
    const file = kernelFileOf(uri);
    const outcome = file ? session.outcomeOf(file.root) : undefined;
    return document && file && outcome ? { file, outcome, lines: linesOf(document) } : null;
  }

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    return {
      serverInfo: { name: 'dmabuf-lint', version: toolVersion() },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        codeLensProvider: {},
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix], resolveProvider: true },
      },
    };
  });
  connection.onInitialized(() => watchFiles(connection, client));
  documents.onDidChangeContent(({ document }) => session.edit(document));
  documents.onDidClose(({ document }) => {
    session.reread(document.uri);
    connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }).catch(ignore);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.length > mostRereads) return startAnew();
    // For an open document the editor's text counts, not the one on the disk.
    for (const { uri } of changes) if (!documents.get(uri)) session.reread(uri);
  });
  connection.onHover(({ textDocument, position }) => {
    const here = known(textDocument.uri);
    return here ? hoverAt(here.outcome, here.file.path, position, here.lines) : null;
  });
  connection.onCodeLens(async ({ textDocument }): Promise<CodeLens[]> => {
    const root = kernelFileOf(textDocument.uri)?.root;
    if (root !== undefined) await session.firstOutcomeOf(root);
    const here = known(textDocument.uri);
    if (!here) return [];
    return tablesIn(here.outcome.inventory, here.file.path).map((table) => {
      const place = { line: table.facts.line - 1, character: 0 };
      return { range: { start: place, end: place }, command: { title: summaryOfTable(table), command: '' } };
    });
  });
  connection.onCodeAction(({ textDocument, context }) => {
    const here = known(textDocument.uri);
    return here ? actionsFor(textDocument.uri, context.diagnostics, here.outcome, here.lines) : [];
  });
  connection.onCodeActionResolve(async (action) => {
    const data: FixData | undefined = action.data;
    const file = data ? kernelFileOf(data.uri) : null;
    return data && file ? withEdit(action, await session.fix(file.root, data.fingerprint), file.root) : action;
  });
  connection.onShutdown(() => session.end());

  function withEdit(action: CodeAction, answer: FixAnswer, root: string): CodeAction {
    if (answer.kind === 'none') return { ...action, disabled: { reason: answer.because } };
    const changes = answer.files.map(([path, text]) => {
      const uri = uriOf({ root, path });
      const end = documents.get(uri)?.lineCount ?? text.split('\n').length + 1;
      return [
        uri,
        [{ range: { start: { line: 0, character: 0 }, end: { line: end, character: 0 } }, newText: text }],
      ] as const;
    });
    return {
      ...action,
      title: answer.title,
      edit: { changes: Object.fromEntries(changes.map(([uri, edits]) => [uri, [...edits]])) },
    };
  }

  documents.listen(connection);
  connection.listen();
  return session;
}

/** For answers of a client that is gone, or that does not know a request. */
function ignore(): void {}

function linesOf(document: TextDocument): readonly string[] {
  return document.getText().split('\n');
}

/** Asks the client for events about files that other programs write, as git does when the branch changes. */
function watchFiles(connection: Connection, client: InitializeParams['capabilities']): void {
  if (!client.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
  const watchers = [{ globPattern: '**/*.{c,h}' }];
  connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(ignore);
}
