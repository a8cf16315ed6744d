import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../base/environment.js';
import type { Answer, EditedText, Extent, FixAnswer, Order, Outcome } from './messages.js';

/** What the analysis of a tree reports. */
export interface AnalystEvents {
  onOutcome(outcome: Outcome, generation: number): void;
  /** One line: the tree or its configuration cannot be used, or the analysis ended unexpectedly. */
  onTrouble(message: string): void;
}

/** Two processes that analyse one tree: one looks at the neighbours of an edited file at once, one at the whole tree. */
export interface Analyst {
  /** Takes new texts. @returns the lowest generation of an outcome that includes them */
  edit(texts: readonly EditedText[]): number;
  fix(fingerprint: string): Promise<FixAnswer>;
  end(): void;
}

const program = fileURLToPath(new URL('./engine-process.js', import.meta.url));
/** As for a scan. This process lives longer, so its heap grows by a tenth at most: that saves 100 MB. */
const flags: readonly string[] = ['--expose-gc', '--max-semi-space-size=4', '--heap-growing-percent=10'];
/** How often a process that crashed is started again: mostly, the text that crashes it is just being typed. */
const mostRestarts = 5;

/**
 * Creates what analyses a tree. It starts when the first text comes.
 * @param env for the processes that analyse
 */
export function createAnalyst(root: string, env: Environment, { onOutcome, onTrouble }: AnalystEvents): Analyst {
  let generation = 0;
  let restarts = 0;
  let isEnded = false;
  let hasTree = false;
  const current = new Map<string, string | null>();
  const running: Partial<Record<Extent, ChildProcess>> = {};
  const fixes = createFixRequests();

  const order = (extent: Extent, message: Order): void => void running[extent]?.send(message);
  const sendTexts = (extent: Extent, texts: readonly EditedText[]): void =>
    order(extent, { kind: 'texts', generation, texts });

  function begin(extent: Extent): void {
    const child = startEngine(env);
    running[extent] = child;
    child.on('message', (answer: Answer) => take(extent, answer));
    child.on('error', () => undefined);
    child.on('exit', () => {
      if (running[extent] !== child) return;
      delete running[extent];
      fixes.giveUp('the analysis ended unexpectedly');
      if (!isEnded) revive(extent);
    });
    order(extent, { kind: 'start', root, extent, server: process.pid });
    sendTexts(extent, [...current]);
  }

  function revive(extent: Extent): void {
    if (extent === 'neighbours') return;
    hasTree = false;
    if (++restarts > mostRestarts)
      onTrouble(`${root}: the analysis ended unexpectedly ${restarts} times; restart the server`);
    else begin(extent);
  }

  function take(extent: Extent, answer: Answer): void {
    if (answer.kind === 'fix') {
      fixes.answer(answer.id, answer.answer);
    } else if (extent === 'neighbours') {
      // The analysis of the whole tree starts after the first outcome: two at the same time would delay both.
      if (!running.tree) begin('tree');
      if (answer.kind === 'outcome' && !hasTree) onOutcome(answer.outcome, answer.generation);
    } else if (answer.kind === 'trouble') onTrouble(answer.message);
    else {
      hasTree = true;
      stop('neighbours');
      onOutcome(answer.outcome, answer.generation);
    }
  }

  function stop(extent: Extent): void {
    const child = running[extent];
    delete running[extent];
    child?.kill('SIGKILL');
  }

  return {
    edit(texts) {
      generation++;
      for (const [path, text] of texts) current.set(path, text);
      if (!running.tree && !running.neighbours) begin('neighbours');
      else for (const extent of ['neighbours', 'tree'] as const) sendTexts(extent, texts);
      return generation;
    },
    fix(fingerprint) {
      if (!running.tree) return Promise.resolve({ kind: 'none', because: 'the tree is being read' });
      return fixes.ask((id) => order('tree', { kind: 'fix', id, fingerprint }));
    },
    end() {
      isEnded = true;
      for (const extent of ['neighbours', 'tree'] as const) stop(extent);
    },
  };
}

function startEngine(env: Environment): ChildProcess {
  return fork(program, [], {
    execArgv: [...flags],
    env: { ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

/** The fixes that a process was asked for and has not answered yet. */
interface FixRequests {
  /** @param send sends the request with its number, which the answer repeats */
  ask(send: (id: number) => void): Promise<FixAnswer>;
  answer(id: number, answer: FixAnswer): void;
  /** Answers all: there is no fix, for this reason. */
  giveUp(because: string): void;
}

function createFixRequests(): FixRequests {
  let last = 0;
  const asked = new Map<number, (answer: FixAnswer) => void>();
  return {
    ask(send) {
      const id = ++last;
      return new Promise((resolve) => {
        asked.set(id, resolve);
        send(id);
      });
    },
    answer(id, answer) {
      asked.get(id)?.(answer);
      asked.delete(id);
    },
    giveUp(because) {
      for (const answer of asked.values()) answer({ kind: 'none', because });
      asked.clear();
    },
  };
}
