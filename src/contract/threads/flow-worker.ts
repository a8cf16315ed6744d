import { parentPort, workerData } from 'node:worker_threads';
import { freeParserTrees, releaseMemory } from '../../base/collect-garbage.js';
import { createProfile, during, profiled } from '../../base/profile.js';
import { followLocks, followTreeWithPauses, readConvention, readDirectUsers } from '../../flow/index.js';
import { recordedTree } from '../../input/tree/recorded.js';
import { openFiles } from '../../input/tree/tree.js';
import { readInOurNames } from '../../kernel/roles/names.js';
import { type Codebase, createNotingStore, openCodebase } from '../../program/index.js';
import { findLeaksAndMisuses } from '../lifetimes/leaks-and-misuses.js';
import { findLockDefects } from '../lifetimes/lock-defects.js';
import type { FlowReply, FlowRequest, FlowTask, Widened } from './flow-request.js';

/*
 * The entry file of a thread that follows what another thread will ask for. It tells no result, only the answers to the
 * questions on the way: the other thread asks the same questions, and finds most answers made.
 */

const tasks: Readonly<Record<FlowTask, (codebase: Codebase) => Promise<void>>> = {
  async paths(codebase) {
    const flows = await followTreeWithPauses(codebase, null, freeParserTrees);
    during('flow', () => findLeaksAndMisuses(codebase, flows));
  },
  async locks(codebase) {
    const convention = readConvention(codebase);
    if (convention) during('flow', () => findLockDefects(codebase, followLocks(codebase, convention)));
  },
};

/** @returns null where the tree changes meanwhile: the other thread reads it itself */
async function follow({ task, folder, sources, found, options, notes }: FlowRequest): Promise<FlowReply | null> {
  const profile = createProfile();
  return await profiled(profile, async () => {
    const walk = { sources: sources.split('\n'), documentation: [], makefiles: [], problems: [] };
    const files = openFiles(folder, walk);
    const recorded = recordedTree(files);
    const { names } = readInOurNames(recorded.tree);
    const store = notes ? createNotingStore() : undefined;
    const codebase = await openCodebase({ ...names.tree, search: async () => found }, options, store);
    // The first thread links meanwhile.
    const widened = new Promise<Widened>((resolve) => parentPort?.once('message', resolve));
    during('flow', () => readDirectUsers(codebase));
    for (const [name, paths] of await widened) codebase.references.widen(name, paths);
    const started = performance.now();
    await releaseMemory();
    await tasks[task](codebase);
    await releaseMemory();
    const took = performance.now() - started;
    const answers = during('answers', () => codebase.sharing?.share());
    const seen = recorded.seen();
    if (!answers || !seen) return null;
    const unreadable = files.problems.map(({ path }) => path);
    return { answers, asked: [...seen.existing.keys()], unreadable, took, spent: profile.spent };
  });
}

parentPort?.postMessage(await follow(workerData as FlowRequest));
