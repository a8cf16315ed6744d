import { UserError } from '../../input/errors.js';
import { createEngine, type Engine } from './engine.js';
import type { Answer, EditedText, Order } from './messages.js';

/*
 * A process of its own analyses, so that the server answers meanwhile, and lives on where a parser crashes. It ends with
 * the server: the channel between them closes.
 */
let engine: Engine | undefined;
let generation = 0;
const waiting = new Map<string, string | null>();
let isBusy = false;

process.on('message', (order: Order) => {
  switch (order.kind) {
    case 'start':
      engine = createEngine(order.root, order.extent);
      break;
    case 'texts':
      for (const [path, text] of order.texts) waiting.set(path, text);
      generation = order.generation;
      void work();
      break;
    case 'fix':
      break;
  }
});
process.on('disconnect', () => process.exit(0));
// Who presses Ctrl-C means the server, which ends this one.
process.on('SIGINT', () => undefined);

/** Analyses as long as there is something new; texts that come meanwhile are taken together. */
async function work(): Promise<void> {
  if (isBusy || !engine) return;
  isBusy = true;
  let done = -1;
  while (done !== generation) {
    done = generation;
    const texts: readonly EditedText[] = [...waiting];
    waiting.clear();
    try {
      send({ kind: 'outcome', generation: done, outcome: await engine.analyse(texts) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      send({ kind: 'trouble', message: error.message });
    }
    // Let in what has come meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  isBusy = false;
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}
