import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { escapeForTerminal } from '../report/escape.js';
import { serve } from './lsp/server.js';
import type { Terminal } from './terminal.js';

/** What a client sent that is no message. */
const exitRubbish = 2;

/**
 * `dmabuf-lint lsp`: a language server on standard input and output, until its client says that it should end, or dies.
 * @returns the exit code
 */
export function languageServer(terminal: Terminal): Promise<number> {
  return new Promise((resolve) => {
    const reader = new StreamMessageReader(process.stdin);
    const connection = createConnection(ProposedFeatures.all, reader, new StreamMessageWriter(process.stdout));
    const session = serve(connection);
    const end = (code: number): void => {
      session.end();
      resolve(code);
      process.exitCode = code;
      // The library goes on watching for a client that is gone.
      setImmediate(() => process.exit());
    };
    reader.onError((error) => {
      terminal.writeError(
        `dmabuf-lint: standard input: ${escapeForTerminal(error.message)}; the client speaks no language server protocol\n`,
      );
      end(exitRubbish);
    });
    connection.onExit(() => end(0));
    process.stdin.once('end', () => end(1));
    process.stdin.once('close', () => end(1));
  });
}
