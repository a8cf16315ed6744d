import { PassThrough } from 'node:stream';
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { escapeForTerminal } from '../../report/text/escape.js';
import type { Terminal } from '../cli/terminal.js';
import { serve } from './server.js';

/** What a client sent that is no message. */
const exitRubbish = 2;

/** What every header of a message begins with. */
const firstHeader = 'content-';

/**
 * `dmabuf-lint lsp`: a language server on standard input and output, until its client says that it should end, or dies.
 * @returns the exit code
 */
export function languageServer(terminal: Terminal): Promise<number> {
  return new Promise((resolve) => {
    const input = new PassThrough();
    const reader = new StreamMessageReader(input);
    const connection = createConnection(ProposedFeatures.all, reader, new StreamMessageWriter(process.stdout));
    const session = serve(connection);
    const end = (code: number): void => {
      session.end();
      resolve(code);
      process.exitCode = code;
      // The library goes on watching for a client that is gone.
      setImmediate(() => process.exit());
    };
    const refuse = (what: string): void => {
      terminal.writeError(
        `dmabuf-lint: standard input: ${escapeForTerminal(what)}; the client speaks no language server protocol\n`,
      );
      end(exitRubbish);
    };
    reader.onError((error) => refuse(error.message));
    process.stdin.once('data', (first: Buffer) => {
      const begin = first.subarray(0, firstHeader.length).toString('latin1').toLowerCase();
      // The reader would wait for the end of a header that never comes.
      if (!firstHeader.startsWith(begin)) return refuse(`begins with '${first.subarray(0, 20).toString('latin1')}'`);
      input.write(first);
      process.stdin.pipe(input);
    });
    connection.onExit(() => end(0));
    process.stdin.once('end', () => end(1));
    process.stdin.once('close', () => end(1));
  });
}
