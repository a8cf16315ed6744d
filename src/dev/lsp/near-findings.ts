import { createEngine } from '../../commands/lsp/engine.js';
import type { SourceTree } from '../../input/tree/tree.js';
import type { Finding } from '../../lint/index.js';
import { createRandom, randomEdit } from '../fuzz/random-edits.js';

/** A finding of the quick analysis of a file and its driver that the analysis of the whole tree does not have. */
export interface Disagreement {
  readonly what: string;
  readonly finding: string;
}

/** How the quick analysis compares with that of the whole tree. */
export interface NearFindings {
  readonly disagreements: readonly Disagreement[];
  /** How many findings the whole tree has in these files, and how many of them the quick analysis has. */
  readonly all: number;
  readonly seen: number;
}

/** A text that an editor has open, and how it was edited. */
interface OpenText {
  readonly what: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Compares the quick analysis of each unedited file and its driver with the analysis of the whole tree.
 * @param files relative to the tree
 */
export async function nearFindings(root: string, tree: SourceTree, files: readonly string[]): Promise<NearFindings> {
  const { findings } = await createEngine(root, 'tree').analyse([]);
  const texts = files.map((path) => ({ what: `${path}: as it is`, path, text: tree.read(path) ?? '' }));
  return await holdAgainst(root, texts, async () => findings);
}

/**
 * The same after random edits. Each edit starts from the unedited tree.
 * @param files those that may be edited, relative to the tree
 */
export async function nearFindingsOfEdits(
  root: string,
  tree: SourceTree,
  files: readonly string[],
  edits: number,
): Promise<NearFindings> {
  const random = createRandom(1);
  const texts: OpenText[] = [];
  while (texts.length < edits) {
    const { what, change } = randomEdit(tree, files, random);
    const [[path, text] = ['', null]] = change;
    if (text !== null) texts.push({ what, path, text });
  }
  const whole = createEngine(root, 'tree');
  let former: string | undefined;
  return await holdAgainst(root, texts, async ({ path, text }) => {
    const restored = former === undefined || former === path ? [] : [[former, null] as const];
    former = path;
    return (await whole.analyse([...restored, [path, text]])).findings;
  });
}

async function holdAgainst(
  root: string,
  texts: readonly OpenText[],
  findingsOfWhole: (text: OpenText) => Promise<readonly Finding[]>,
): Promise<NearFindings> {
  const disagreements: Disagreement[] = [];
  let all = 0;
  let seen = 0;
  for (const open of texts) {
    const near = await createEngine(root, 'neighbours').analyse([[open.path, open.text]]);
    const whole = await findingsOfWhole(open);
    const far = new Set(whole.filter(({ file }) => file === open.path).map(textOf));
    all += far.size;
    for (const finding of near.findings.map(textOf))
      if (far.has(finding)) seen++;
      else disagreements.push({ what: open.what, finding });
  }
  return { disagreements, all, seen };
}

function textOf({ rule, severity, confidence, line, column, message, trace }: Finding): string {
  return JSON.stringify({ rule, severity, confidence, line, column, message, trace });
}
