import { join } from 'node:path';
import { rules } from '../../../rules/index.js';
import { digestOfText } from '../../base/digest.js';
import { overlayTree } from '../../input/tree/overlay.js';
import type { SourceTree } from '../../input/tree/tree.js';
import { lintTree, outcomeOf } from '../../lint/analysis.js';
import { defaultConfig } from '../../lint/index.js';
import { createKeptStore, createUnitStore, openUnitCache, type UnitStore } from '../../program/index.js';
import { formatJson } from '../../report/formats/json.js';

/** Pseudo-random numbers; the same seed gives the same numbers. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** New texts of some files; null removes a file. */
type Change = ReadonlyMap<string, string | null>;

type Random = (below: number) => number;

/** One kind of edit. It returns null if it cannot be applied to the file. */
type Edit = (text: string, random: Random, path: string) => string | null;

const functionHead = /^(?:static\s+)?(?:inline\s+)?[a-z_][\w \t]*[ \t*]+([a-z_]\w*)\([^;{}]*\)\s*\n\{/gm;

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[random(items.length)];
}

/** Removes one of the lines that match. */
function withoutLine(pattern: RegExp): Edit {
  return (text, random) => {
    const lines = text.split('\n');
    const index = pick(
      lines.flatMap((line, at) => (pattern.test(line) ? [at] : [])),
      random,
    );
    return index === undefined ? null : lines.filter((_, at) => at !== index).join('\n');
  };
}

function insertedAfter(pattern: RegExp, added: string): Edit {
  return (text, random) => {
    const match = pick([...text.matchAll(new RegExp(pattern, 'gm'))], random);
    if (!match) return null;
    const at = match.index + match[0].length;
    return text.slice(0, at) + added + text.slice(at);
  };
}

const renamed: Edit = (text, random) => {
  const name = pick([...text.matchAll(functionHead)], random)?.[1];
  return name ? text.replace(new RegExp(`\\b${name}\\b`, 'g'), `${name}_renamed`) : null;
};

const swapped: Edit = (text, random) => {
  const lines = text.split('\n');
  const at = random(Math.max(1, lines.length - 1));
  return [...lines.slice(0, at), lines[at + 1], lines[at], ...lines.slice(at + 2)].join('\n');
};

/** Puts a function under a condition. */
const hidden =
  (condition: string): Edit =>
  (text, random) => {
    const match = pick([...text.matchAll(functionHead)], random);
    const end = match ? text.indexOf('\n}\n', match.index) : -1;
    return match && end >= 0
      ? `${text.slice(0, match.index)}${condition}\n${text.slice(match.index, end + 3)}#endif\n${text.slice(end + 3)}`
      : null;
  };

/** Adds a second definition of a function that the file calls. */
const shadowed: Edit = (text, random) => {
  const name = pick([...text.matchAll(/\b([a-z]\w*_\w+)\(/g)], random)?.[1];
  return name ? `${text}\nint ${name}(void *first)\n{\n\tkfree(first);\n\treturn 0;\n}\n` : null;
};

/** The kinds of edits, by name. */
const edits: Readonly<Record<string, Edit>> = {
  'line at the top': (text) => `/* a line */\n${text}`,
  'line somewhere': insertedAfter(/;$/, '\n/* a line */'),
  'statement in a function': insertedAfter(/^\t.*;$/, '\n\tfoo_refresh(NULL);'),
  'early return': insertedAfter(/^\t[a-z].*;$/, '\n\tif (!foo_ready)\n\t\treturn -EINVAL;'),
  'lock call removed': withoutLine(/^\t+(?:ret = )?(?:dma_resv|ww_mutex|drm_gem)_\w*lock\w*\(.*\);$/),
  'API call removed': withoutLine(/^\t.*\bdma_buf_\w+\(.*\);$/),
  'any line removed': withoutLine(/\S/),
  'export dropped': withoutLine(/^EXPORT_SYMBOL/),
  'include added': insertedAfter(/^#include .*$/, '\n#include <linux/dma-resv.h>\n#include "internal.h"'),
  'include dropped': withoutLine(/^#include/),
  'function renamed': renamed,
  'lines swapped': swapped,
  'function under #if 0': hidden('#if 0'),
  'function under a configuration': hidden('#ifdef CONFIG_FOO'),
  'function for some versions': hidden('#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)'),
  'name defined twice': shadowed,
  'not static any more': (text) => (/^static /m.test(text) ? text.replace(/^static /m, '') : null),
  'member added': insertedAfter(/^struct \w+ \{$/, '\n\tint added_member;'),
  'member renamed': (text, random) => {
    const member = pick([...text.matchAll(/->(\w+) =/g)], random)?.[1];
    return member ? text.replaceAll(new RegExp(`\\b${member}\\b`, 'g'), `${member}_new`) : null;
  },
  'macro added': (text, random) => {
    const name = pick([...text.matchAll(/\b([a-z]\w*_\w+)\(/g)], random)?.[1];
    return name ? `#define ${name}(x) dma_buf_put(x)\n${text}` : null;
  },
  'no word of dma-bufs any more': (text) => text.replaceAll('dma_buf', 'dma_nub'),
  'a word of dma-bufs': (text) => `${text}\nvoid foo_user(struct dma_buf *b)\n{\n\tdma_buf_put(b);\n}\n`,
  'call added': (text, random) => {
    const name = pick([...text.matchAll(/\b([a-z]\w*_\w+)\(/g)], random)?.[1];
    return name ? `${text}\nstatic void foo_caller(void)\n{\n\t${name}(NULL);\n}\n` : null;
  },
  'next version': (text) => text.replace(/^SUBLEVEL = (\d+)/m, (_, level) => `SUBLEVEL = ${Number(level) + 1}`),
  'table entry removed': withoutLine(/^\t\.\w+\s*=\s*\w+,$/),
};

/** One random edit of a tree: a file is changed, removed, or copied under another name. */
export function randomEdit(
  tree: SourceTree,
  files: readonly string[],
  random: Random,
): { readonly what: string; readonly change: Change } {
  for (;;) {
    const path = pick(files, random) ?? '';
    const text = tree.read(path);
    if (text === undefined) continue;
    const kind = random(Object.keys(edits).length + 2);
    if (kind === 0) return { what: `${path}: gone`, change: new Map([[path, null]]) };
    if (kind === 1) {
      const copy = path.replace(/\.([ch])$/, '_copy.$1');
      return { what: `${copy}: added`, change: new Map([[copy, text]]) };
    }
    const [what, edit] = Object.entries(edits)[kind - 2] ?? ['', () => null];
    const after = edit(text, random, path);
    if (after !== null && after !== text) return { what: `${path}: ${what}`, change: new Map([[path, after]]) };
  }
}

/** A sequence of trees. Each is made by one edit of the last tree, or sometimes of the first one. */
export function* randomTrees(
  base: SourceTree,
  files: readonly string[],
  count: number,
  random: Random,
): Iterable<{ readonly what: string; readonly tree: SourceTree }> {
  let changes: Change = new Map();
  let last = base;
  for (let index = 0; index < count; index++) {
    if (random(4) === 0) {
      changes = new Map();
      last = base;
    }
    const { what, change } = randomEdit(last, files, random);
    changes = new Map([...changes, ...change]);
    // The same tree can be an overlay of the last one, or an overlay of the first with all changes since.
    last = random(2) === 0 ? overlayTree(last, change) : overlayTree(base, changes);
    yield { what, tree: last };
  }
}

/** A tree whose incremental result differs from its fresh one, with the first lines that differ. */
export interface Disagreement {
  readonly tree: number;
  readonly what: string;
  readonly lines: readonly string[];
}

/** The stores for the trees of a sequence. */
interface Stores {
  /** The store for the next tree. */
  next(): UnitStore;
  /** Whether what is counted is that of one tree: a store in memory counts what was parsed for all. */
  readonly counts: boolean;
  /** The tree as the store gets it. */
  opened(tree: SourceTree): SourceTree;
}

/** One store for all trees, which keeps in memory what it finds out. */
export function inMemory(): Stores {
  const store = createUnitStore();
  return { next: () => store, counts: false, opened: (tree) => tree };
}

/** A store for each tree, which knows only what those before kept on disk: each tree has a process of its own, as it were. */
export function onDisk(folder: string): Stores {
  const openCache = (setting: string) => openUnitCache(setting, join(folder, 'units'));
  const place = { folder: join(folder, 'answers'), tree: 'tree' };
  return { next: () => createKeptStore(openCache, place), counts: true, opened: stamped };
}

/** A tree in which stamps tell the texts of two files in three. */
function stamped(tree: SourceTree): SourceTree {
  const stampOf = (path: string): string | undefined => {
    const text = tree.read(path);
    return text === undefined || text.length % 3 === 0 ? undefined : digestOfText(text);
  };
  return { ...tree, stampOf };
}

/**
 * Analyses a sequence of trees incrementally, and each tree afresh, and compares the results.
 * @param onTree told of each tree, with the milliseconds that both took
 */
export async function compareKeptWithFresh(
  base: SourceTree,
  trees: Iterable<{ readonly what: string; readonly tree: SourceTree }>,
  stores: Stores,
  onTree: (what: string, kept: number, fresh: number) => void = () => undefined,
): Promise<readonly Disagreement[]> {
  const found: Disagreement[] = [];
  const { counts, opened } = stores;
  const first = stores.next();
  await resultOf(opened(base), counts, first);
  first.keep();
  let index = 0;
  for (const { what, tree } of trees) {
    const started = performance.now();
    const store = stores.next();
    const kept = await resultOf(opened(tree), counts, store);
    store.keep();
    const between = performance.now();
    const fresh = await resultOf(tree, counts);
    onTree(what, between - started, performance.now() - between);
    if (kept.join() !== fresh.join()) found.push({ tree: index, what, lines: differences(kept, fresh) });
    index++;
  }
  return found;
}

/** The lines of a result, without times, and without counts of work done unless they are wanted. */
async function resultOf(tree: SourceTree, counts: boolean, store?: UnitStore): Promise<readonly string[]> {
  try {
    const result = await lintTree(tree, rules, defaultConfig, null, 0, store);
    const work = counts ? {} : { filesParsed: 0, functions: 0 };
    const stats = { ...result.stats, ...work, milliseconds: 0 };
    return formatJson(outcomeOf({ ...result, stats })).split('\n');
  } catch (error) {
    return [String(error)]; // an edit may leave no tree that can be analysed
  }
}

function differences(kept: readonly string[], fresh: readonly string[]): readonly string[] {
  const at = kept.findIndex((line, index) => line !== fresh[index]);
  return [
    ...kept.slice(Math.max(0, at - 6), at),
    ...kept.slice(at, at + 8).map((line) => `kept  ${line}`),
    ...fresh.slice(at, at + 8).map((line) => `fresh ${line}`),
  ];
}
