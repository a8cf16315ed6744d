import { createEngine } from '../../commands/lsp/engine.js';
import type { SourceTree } from '../../input/tree/tree.js';
import type { Finding } from '../../lint/index.js';
import { createRandom, randomEdit } from '../fuzz/random-edits.js';

/** A finding that only a file and its driver have: a false alarm until the whole tree is read. */
export interface Disagreement {
  readonly what: string;
  readonly finding: string;
}

/** What came of looking at files in a hurry. */
export interface NearFindings {
  readonly disagreements: readonly Disagreement[];
  /** Findings of the whole tree in these files, and how many of them were seen in a hurry. */
  readonly all: number;
  readonly seen: number;
}

/**
 * Holds what is said of a file and its driver against what the whole tree says of it, for files as they are and after
 * random edits.
 * @param files relative to the tree
 */
export async function nearFindings(
  root: string,
  tree: SourceTree,
  files: readonly string[],
  edits: number,
): Promise<NearFindings> {
  const whole = createEngine(root, 'tree');
  const disagreements: Disagreement[] = [];
  let all = 0;
  let seen = 0;
  const compare = async (what: string, path: string, text: string): Promise<void> => {
    const near = await createEngine(root, 'neighbours').analyse([[path, text]]);
    const far = new Set((await whole.analyse([[path, text]])).findings.filter(({ file }) => file === path).map(textOf));
    await whole.analyse([[path, tree.read(path) ?? null]]);
    all += far.size;
    for (const finding of near.findings.map(textOf))
      if (far.has(finding)) seen++;
      else disagreements.push({ what, finding });
  };
  const random = createRandom(1);
  if (edits === 0) for (const path of files) await compare(`${path}: as it is`, path, tree.read(path) ?? '');
  for (let done = 0; done < edits; ) {
    const { what, change } = randomEdit(tree, files, random);
    const [[path, text] = ['', null]] = change;
    if (text === null) continue;
    await compare(what, path, text);
    done++;
  }
  return { disagreements, all, seen };
}

function textOf({ rule, severity, confidence, line, column, message, trace }: Finding): string {
  return JSON.stringify({ rule, severity, confidence, line, column, message, trace });
}
