import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeParams,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgress,
  WorkDoneProgressCreateRequest,
} from 'vscode-languageserver-protocol/node';
import { cli } from '../run/run-cli.js';

/** Diagnostics that a server published, and when. */
export interface Published {
  readonly uri: string;
  readonly version: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** By performance.now(). */
  readonly at: number;
}

/** An editor that talks to the server over standard input and output. */
export interface Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly messages: string[];
  /** What the server said of how far it is. */
  readonly progress: readonly { readonly kind: string; readonly message?: string }[];
  open(path: string, text: string): void;
  /** Replaces all of a document. */
  change(path: string, version: number, text: string): void;
  /** Waits for matching diagnostics of a document, published at or after `since`. */
  published(path: string, fits: (published: Published) => boolean, since?: number): Promise<Published>;
  /** Shuts the server down as the protocol says. @returns its exit code */
  end(): Promise<number | null>;
}

const capabilities: InitializeParams['capabilities'] = {
  window: { workDoneProgress: true },
  workspace: { codeLens: { refreshSupport: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
  textDocument: { publishDiagnostics: { relatedInformation: true, versionSupport: true } },
};

/** What a server has published so far. */
interface PublishedLog {
  /** Waits for matching diagnostics of a document. */
  find(uri: string, fits: (published: Published) => boolean, since: number): Promise<Published>;
}

/** How long a test waits for diagnostics, in milliseconds. */
const patience = 120_000;

function logPublished(connection: ProtocolConnection): PublishedLog {
  const all: Published[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params) => {
    all.push({ ...params, at: performance.now() });
    for (const look of [...waiting]) look();
  });
  return {
    find: (uri, fits, since) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = all.find((one) => one.at >= since && one.uri === uri && fits(one));
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no such diagnostics of ${uri}: ${JSON.stringify(all.at(-1)?.diagnostics ?? null)}`));
        }, patience);
        waiting.add(look);
        look();
      }),
  };
}

/** Starts a server and initialises it. */
export async function startClient(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Client> {
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published = logPublished(connection);
  const messages: string[] = [];
  connection.onNotification('window/showMessage', ({ message }) => void messages.push(message));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => null);
  const progress: { kind: string; message?: string }[] = [];
  connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
    connection.onProgress(WorkDoneProgress.type, token, (value) => void progress.push(value));
  });
  connection.listen();
  const rootUri = pathToFileURL(root).href;
  await connection.sendRequest('initialize', { processId: process.pid, rootUri, capabilities });
  await connection.sendNotification('initialized', {});
  const uriOf = (path: string): string => pathToFileURL(path).href;
  return {
    connection,
    process: child,
    messages,
    progress,
    open(path, text) {
      const textDocument = { uri: uriOf(path), languageId: 'c', version: 1, text };
      void connection.sendNotification('textDocument/didOpen', { textDocument });
    },
    change(path, version, text) {
      const textDocument = { uri: uriOf(path), version };
      void connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    },
    published: (path, fits, since = 0) => published.find(uriOf(path), fits, since),
    async end() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await ended;
      connection.dispose();
      return code;
    },
  };
}
