import { PassThrough, Writable } from 'node:stream';
import { createConnection } from 'vscode-languageserver';
import {
  createProtocolConnection,
  type InitializeParams,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { isAlive } from '../../base/leftovers.js';
import { escapeForTerminal } from '../../report/text/escape.js';
import { type CommandContext, userPath } from '../cli/context.js';
import type { Terminal } from '../cli/terminal.js';
import { type ServerOptions, serve } from './server.js';

/** The exit code if the client sends something that is no message. */
const exitRubbish = 2;

/** Every message begins with a header of this name. */
const firstHeader = 'content-';

/** How often to look whether the client still lives, in milliseconds. */
const lookEach = 3000;

/**
 * `dmabuf-lint lsp`: a language server on standard input and output, until its client ends it or dies.
 * @returns the exit code
 */
export function languageServer({ kernel }: Pick<ServerOptions, 'kernel'>, context: CommandContext): Promise<number> {
  const { stdin: open, terminal, env } = context;
  return new Promise((resolve) => {
    const stdin = open();
    const input = new PassThrough();
    const reader = new StreamMessageReader(input);
    const watch = watchClient((code) => end(code));
    const connection = createConnection(
      (logger) => createProtocolConnection(reader, new StreamMessageWriter(outputOf(terminal)), logger),
      watch.dog,
      ProposedFeatures.all,
    );
    const session = serve(connection, { env, ...(kernel === undefined ? {} : { kernel: userPath(context, kernel) }) });
    const end = (code: number): void => {
      session.end();
      watch.end();
      stdin.unpipe(input);
      // A stream that flows would keep the process alive. It has to be paused when nobody is about to read from it:
      // after the data that led here has been taken.
      setImmediate(() => {
        stdin.pause();
        resolve(code);
      });
    };
    const refuse = (what: string): void => {
      terminal.writeError(
        `dmabuf-lint: standard input: ${escapeForTerminal(what)}; the client does not speak the language server protocol\n`,
      );
      end(exitRubbish);
    };
    reader.onError((error) => refuse(error.message));
    stdin.once('data', (first: Buffer) => {
      const begin = first.subarray(0, firstHeader.length).toString('latin1').toLowerCase();
      // The reader would wait for ever for the end of a header.
      if (!firstHeader.startsWith(begin)) return refuse(`begins with '${first.subarray(0, 20).toString('latin1')}'`);
      input.write(first);
      stdin.pipe(input);
    });
    stdin.once('end', () => end(1));
    stdin.once('close', () => end(1));
  });
}

/** Messages are texts. */
function outputOf(terminal: Terminal): Writable {
  return new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _, done) {
      terminal.write(text.toString());
      done();
    },
  });
}

/**
 * Watches the client, as the protocol asks for: the server ends when it is told so, and when the client is gone. The
 * library's own watch would end the process, which is not ours alone.
 */
function watchClient(end: (code: number) => void) {
  let timer: NodeJS.Timeout | undefined;
  const dog = {
    shutdownReceived: false,
    initialize({ processId }: InitializeParams): void {
      if (typeof processId !== 'number') return;
      timer ??= setInterval(() => {
        if (!isAlive(processId)) end(dog.shutdownReceived ? 0 : 1);
      }, lookEach);
    },
    exit: end,
  };
  return { dog, end: () => clearInterval(timer) };
}
