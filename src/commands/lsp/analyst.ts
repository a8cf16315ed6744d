import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../base/environment.js';
import { programFile } from '../../base/package/package-files.js';
import type { Answer, EditedText, Extent, FixAnswer, Order, Outcome } from './messages.js';
import type { KernelFile } from './modules/kernel-file.js';

/** What the analysis of a tree reports. */
export interface AnalystEvents {
  onOutcome(outcome: Outcome, generation: number): void;
  /** One line: the tree or its configuration cannot be used, or the analysis ended unexpectedly. */
  onTrouble(message: string): void;
  /** How far the analysis of the whole tree is; null when it is at its end. */
  onProgress(message: string | null): void;
}

/** Two processes that analyse one tree: one looks at the neighbours of an edited file at once, one at the whole tree. */
export interface Analyst {
  /** Takes new texts. @returns the lowest generation of an outcome that includes them */
  edit(texts: readonly EditedText[]): number;
  fix(fingerprint: string): Promise<FixAnswer>;
  end(): void;
}

/** What is analysed. */
type Top = Omit<KernelFile, 'path'>;

const extents: readonly Extent[] = ['neighbours', 'tree'];
const program = fileURLToPath(programFile('commands/lsp/engine-process.js'));
/** As for a scan. This process lives longer, so its heap grows by a tenth at most: that saves 100 MB. */
const flags: readonly string[] = ['--expose-gc', '--max-semi-space-size=4', '--heap-growing-percent=10'];
/** How often a process that crashed is started again: mostly, the text that crashes it is just being typed. */
const mostRestarts = 5;

/**
 * Creates what analyses a tree, or a module with its kernel. It starts when the first text comes.
 * @param env for the processes that analyse
 */
export function createAnalyst({ root, kernel }: Top, env: Environment, events: AnalystEvents): Analyst {
  let [generation, restarts] = [0, 0];
  let [isEnded, hasTree] = [false, false];
  const current = new Map<string, string | null>();
  const fixes = createFixRequests();
  const engines = createEngines(env, {
    onAnswer: take,
    onCrash(extent) {
      fixes.giveUp('the analysis ended unexpectedly');
      if (extent === 'tree') events.onProgress(null);
      if (!isEnded && extent === 'tree') revive();
    },
  });

  function begin(extent: Extent): void {
    engines.start(extent);
    engines.send(extent, { kind: 'start', root, extent, kernel, server: process.pid });
    engines.send(extent, { kind: 'texts', generation, texts: [...current] });
  }

  function revive(): void {
    hasTree = false;
    if (++restarts <= mostRestarts) begin('tree');
    else events.onTrouble(`${root}: the analysis ended unexpectedly ${restarts} times; restart the server`);
  }

  function take(extent: Extent, answer: Answer): void {
    if (answer.kind === 'fix') {
      fixes.answer(answer.id, answer.answer);
    } else if (answer.kind === 'progress') {
      events.onProgress(answer.message);
    } else if (extent === 'neighbours') {
      // The analysis of the whole tree starts after the first outcome: two at the same time would delay both.
      if (!engines.isRunning('tree')) begin('tree');
      if (answer.kind === 'outcome' && !hasTree) events.onOutcome(answer.outcome, answer.generation);
    } else if (answer.kind === 'trouble') {
      events.onProgress(null);
      events.onTrouble(answer.message);
    } else {
      events.onProgress(null);
      hasTree = true;
      engines.stop('neighbours');
      events.onOutcome(answer.outcome, answer.generation);
    }
  }

  return {
    edit(texts) {
      generation++;
      for (const [path, text] of texts) current.set(path, text);
      if (extents.some(engines.isRunning))
        for (const extent of extents) engines.send(extent, { kind: 'texts', generation, texts });
      else begin(kernel === null ? 'neighbours' : 'tree'); // A module is small: nothing would be ready before it.
      return generation;
    },
    fix(fingerprint) {
      if (!engines.isRunning('tree')) return Promise.resolve({ kind: 'none', because: 'the tree is being read' });
      return fixes.ask((id) => engines.send('tree', { kind: 'fix', id, fingerprint }));
    },
    end() {
      isEnded = true;
      events.onProgress(null);
      for (const extent of extents) engines.stop(extent);
    },
  };
}

/** The processes that run, at most one for each extent. */
interface Engines {
  isRunning(extent: Extent): boolean;
  start(extent: Extent): void;
  /** Sends a message, if the process runs. */
  send(extent: Extent, message: Order): void;
  stop(extent: Extent): void;
}

interface EngineEvents {
  onAnswer(extent: Extent, answer: Answer): void;
  /** A process ended that nobody stopped. */
  onCrash(extent: Extent): void;
}

function createEngines(env: Environment, { onAnswer, onCrash }: EngineEvents): Engines {
  const running: Partial<Record<Extent, ChildProcess>> = {};
  return {
    isRunning: (extent) => running[extent] !== undefined,
    start(extent) {
      const child = fork(program, [], {
        execArgv: [...flags],
        env: { ...env },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        serialization: 'advanced',
      });
      running[extent] = child;
      child.on('message', (answer: Answer) => onAnswer(extent, answer));
      child.on('error', () => undefined);
      child.on('exit', () => {
        if (running[extent] !== child) return;
        delete running[extent];
        onCrash(extent);
      });
    },
    send: (extent, message) => void running[extent]?.send(message),
    stop(extent) {
      const child = running[extent];
      delete running[extent];
      child?.kill('SIGKILL');
    },
  };
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
