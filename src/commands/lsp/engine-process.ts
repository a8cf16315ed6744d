import { stopCollecting } from '../../base/collect-garbage.js';
import { UserError } from '../../base/errors.js';
import { createEngine } from './engine.js';
import type { Answer, EditedText, Engine, Order } from './messages.js';

/*
 * A process of its own analyses, so that the server answers meanwhile, and lives on where a parser crashes. It ends with
 * the server: the channel between them closes.
 */
let engine: Engine | undefined;
let generation = 0;
let done = 0;
const waiting = new Map<string, string | null>();
const fixes: Extract<Order, { kind: 'fix' }>[] = [];
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
      fixes.push(order);
      void work();
      break;
  }
});
process.on('disconnect', () => process.exit(0));
// Who presses Ctrl-C means the server, which ends this one.
process.on('SIGINT', () => undefined);

/** Works as long as there is something to do, one thing at a time; texts that come meanwhile are taken together. */
async function work(): Promise<void> {
  if (isBusy || !engine) return;
  isBusy = true;
  while (done !== generation || fixes.length > 0) {
    if (done !== generation) await analyse(engine);
    else await fix(engine);
    // Let in what has come meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  isBusy = false;
}

async function analyse(by: Engine): Promise<void> {
  done = generation;
  const texts: readonly EditedText[] = [...waiting];
  waiting.clear();
  try {
    const outcome = await by.analyse(texts);
    if (outcome.extent === 'tree') stopCollecting();
    send({ kind: 'outcome', generation: done, outcome });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    send({ kind: 'trouble', message: error.message });
  }
}

async function fix(by: Engine): Promise<void> {
  const order = fixes.shift();
  if (order) send({ kind: 'fix', id: order.id, answer: await by.fix(order.fingerprint) });
}

function send(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}
