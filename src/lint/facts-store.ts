import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { removeLeftovers } from '../input/leftovers.js';
import { toolIdentity } from './tool-identity.js';
import type { TreeFacts } from './tree-facts.js';

/** Keeps what trees said, by their content, from one run to the next. */
export interface FactsStore {
  get(identity: string): TreeFacts | undefined;
  put(identity: string, facts: TreeFacts): void;
}

/** Changes with what is stored, beside the tool's own code. */
const shape = 2;
const mostEntries = 400;

/**
 * Opens the store in the user's cache folder.
 * @param settings what else decides what a tree says: the configuration
 */
export function openFactsStore(settings: unknown, folder: string = cacheFolder()): FactsStore {
  const setting = createHash('sha256')
    .update(`${shape}\0${toolIdentity()}\0${JSON.stringify(settings)}`)
    .digest('hex');
  const pathOf = (identity: string): string =>
    join(folder, `${createHash('sha256').update(`${setting}\0${identity}`).digest('hex')}.json`);
  return {
    get(identity) {
      const path = pathOf(identity);
      const facts = readFacts(path, identity);
      if (facts) touch(path);
      return facts;
    },
    put(identity, facts) {
      // A cache that cannot be written is none: nobody has to be told.
      try {
        mkdirSync(folder, { recursive: true });
        removeLeftovers(folder, /\.json\.(\d+)\.tmp$/);
        const path = pathOf(identity);
        const temporary = `${path}.${process.pid}.tmp`;
        const text = JSON.stringify(facts);
        writeFileSync(temporary, JSON.stringify({ identity, check: digest(text), facts: text }));
        renameSync(temporary, path);
        removeOldest(folder);
      } catch {}
    },
  };
}

/** A store that keeps nothing. */
export const noStore: FactsStore = { get: () => undefined, put: () => undefined };

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'dmabuf-lint', 'trees');
}

/** Reads an entry; one that is damaged is dropped, never believed. */
function readFacts(path: string, identity: string): TreeFacts | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const entry = JSON.parse(text) as { readonly identity: string; readonly check: string; readonly facts: string };
    if (entry.identity === identity && entry.check === digest(entry.facts)) return JSON.parse(entry.facts) as TreeFacts;
  } catch {}
  rmSync(path, { force: true });
  return undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The entries that were used last are kept longest. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {}
}

function removeOldest(folder: string): void {
  const entries = readdirSync(folder).filter((name) => name.endsWith('.json') || name.endsWith('.tmp'));
  if (entries.length <= mostEntries) return;
  const byAge = entries
    .map((name) => ({ path: join(folder, name), age: statSync(join(folder, name)).mtimeMs }))
    .sort((left, right) => left.age - right.age);
  for (const { path } of byAge.slice(0, entries.length - mostEntries)) rmSync(path, { force: true });
}
