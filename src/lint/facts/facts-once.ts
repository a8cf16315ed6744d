import { createHash } from 'node:crypto';
import { mkdirSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FactsStore } from './facts-store.js';
import type { TreeFacts } from './tree-facts.js';

/** A lock that was not renewed for so many milliseconds belongs to a process that died. */
const deadAfter = 10_000;
const renewEach = 2_000;
const askEach = 50;
/** After so many milliseconds a waiting process analyses the tree itself. */
const patience = 120_000;

/**
 * Analyses a tree once for all processes that ask for it at the same time, such as b4 with its checks in parallel. The
 * first process takes a lock and analyses; the others wait until the facts are in the store.
 * @param identity identifies the content of the tree
 * @param look analyses the tree
 * @param folder for the lock, the same for all processes that ask
 */
export async function factsOnce(
  store: FactsStore,
  identity: string,
  look: () => Promise<TreeFacts>,
  folder: string,
): Promise<TreeFacts> {
  const mark = join(folder, `dmabuf-lint-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.lock`);
  const started = Date.now();
  for (;;) {
    const known = store.get(identity);
    if (known) return known;
    if (Date.now() - started > patience) return look();
    if (takes(mark)) return await lookAndKeep(store, identity, look, mark);
    await sleep(askEach);
  }
}

async function lookAndKeep(
  store: FactsStore,
  identity: string,
  look: () => Promise<TreeFacts>,
  mark: string,
): Promise<TreeFacts> {
  const renewing = setInterval(() => renew(mark), renewEach);
  try {
    const known = store.get(identity); // another one may have finished just before
    if (known) return known;
    const facts = await look();
    store.put(identity, facts);
    return facts;
  } finally {
    clearInterval(renewing);
    drop(mark);
  }
}

/** Takes the lock: mkdir() succeeds in one process only. */
function takes(mark: string): boolean {
  try {
    mkdirSync(mark);
    return true;
  } catch {
    const age = Date.now() - (statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > deadAfter) drop(mark);
    return false;
  }
}

function renew(mark: string): void {
  try {
    const now = new Date();
    utimesSync(mark, now, now);
  } catch {}
}

function drop(mark: string): void {
  try {
    rmdirSync(mark);
  } catch {}
}
