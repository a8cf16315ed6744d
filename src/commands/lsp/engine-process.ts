import { stopCollecting } from '../../base/collect-garbage.js';
import { UserError } from '../../base/errors.js';
import { watchParsing } from '../../base/parsing-watch.js';
import { parsingProgress } from '../cli/parsing-progress.js';
import { startWatchdog } from '../supervise/watchdog.js';
import { createEngine } from './engine.js';
import type { Answer, EditedText, Engine, Order } from './messages.js';

/*
 * The entry file of a process that analyses: so the server can answer meanwhile, and survives a crash of the parser.
 * The process ends with the server: when the channel between them closes, or, while it is busy, by its watchdog.
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
      startWatchdog(order.server, process.env);
      engine = createEngine(order.root, order.extent, order.kernel);
      if (order.extent === 'tree') tellProgress();
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
// Ctrl-C reaches all processes of the terminal. It is meant for the server, which then ends this process.
process.on('SIGINT', () => undefined);

/** Tells how far the analysis is. One of the neighbours of a file is done before anybody could read that. */
function tellProgress(): void {
  const progress = (message: string | null): void => {
    if (message !== null) send({ kind: 'progress', message });
  };
  progress('searching the tree');
  const tell = parsingProgress({ showsProgress: true, progress });
  watchParsing((path) => {
    tell(path);
    return true;
  });
}

/** Works until nothing is left to do, one order at a time. Texts that come meanwhile are analysed together. */
async function work(): Promise<void> {
  if (isBusy || !engine) return;
  isBusy = true;
  while (done !== generation || fixes.length > 0) {
    if (done !== generation) await analyse(engine);
    else await fix(engine);
    // Take the messages that came meanwhile.
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
