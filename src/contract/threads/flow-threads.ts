// How do other threads help to follow the paths of a tree?

import { Worker } from 'node:worker_threads';
import { programFile } from '../../base/package/package-files.js';
import { mayParseElsewhere } from '../../base/parsing-watch.js';
import { addElsewhere, addToQuestion, during, waitingFor } from '../../base/profile.js';
import type { SourceTree } from '../../input/tree/tree.js';
import type { Codebase, ProgramOptions } from '../../program/index.js';
import type { FlowReply, FlowRequest, FlowTask, Widened } from './flow-request.js';

/** With fewer files that use the API, a thread takes longer to begin than it saves. */
const worthAThread = 60;

/** What each further processor does, in this order. What no thread does is left to the one that asks. */
const tasks: readonly FlowTask[] = ['paths', 'locks'];

/** Threads that follow paths while this one links the contract. */
export interface FlowThreads {
  readonly tasks: readonly FlowTask[];
  /** Tells the threads what this one has linked: they begin to follow. */
  begin(): void;
  /** Waits for the threads and takes their answers. What a thread did not answer, this one finds out itself. */
  finish(): Promise<void>;
}

/**
 * Starts threads that follow the paths of a tree, where processors are free for that. No result depends on them: they only
 * make answers sooner that this thread would make in the same way.
 * @param tree as it was opened, in its own names
 * @param most how many at most
 * @returns null where no thread was started
 */
export function startFlowThreads(
  tree: SourceTree,
  codebase: Codebase,
  options: ProgramOptions,
  most: number,
): FlowThreads | null {
  const { program, sharing, notes } = codebase;
  const { folder } = tree;
  if (most < 1 || folder === undefined || sharing === null || !mayParseElsewhere()) return null;
  if (program.candidates.length < worthAThread) return null;
  const request: Omit<FlowRequest, 'task'> = {
    folder,
    sources: program.sources.join('\n'),
    found: { hits: [program.mentions], exports: [...program.exporters], problems: [] },
    options,
    notes,
  };
  const taken = tasks.slice(0, most);
  const threads = taken.map((task) => startThread({ ...request, task }));
  return {
    tasks: taken,
    begin() {
      for (const thread of threads) thread.begin(codebase.references.widened());
    },
    async finish() {
      for (const thread of threads) {
        const reply = await waitingFor('wait', () => thread.reply());
        if (!reply) continue;
        // This thread has to know of them, too: the result depends on them, and they are told where they cannot be read.
        for (const path of reply.asked) program.tree.has(path);
        for (const path of reply.unreadable) program.tree.read(path);
        during('answers', () => sharing.adopt(reply.answers));
        addElsewhere(reply.spent);
        addToQuestion(questionOf[thread.task], reply.took);
      }
    },
  };
}

/** The question of the model that each task answers. */
const questionOf: Readonly<Record<FlowTask, string>> = { paths: 'lifetimes', locks: 'locks' };

interface Thread {
  readonly task: FlowTask;
  begin(widened: Widened): void;
  /** What the thread found out; null where it failed. */
  reply(): Promise<FlowReply | null>;
}

function startThread(request: FlowRequest): Thread {
  const worker = new Worker(programFile('contract/threads/flow-worker.js'), { workerData: request });
  const ended = new Promise<FlowReply | null>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', () => resolve(null));
    worker.once('exit', () => resolve(null));
  });
  // A command that fails meanwhile does not wait for it.
  worker.unref();
  return {
    task: request.task,
    begin: (widened) => worker.postMessage(widened),
    async reply() {
      worker.ref();
      return await ended;
    },
  };
}
