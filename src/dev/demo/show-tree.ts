import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scan } from 'dmabuf-lint';
import { decodeSource } from '../../input/tree/decode.js';
import {
  actualFindings,
  actualGaps,
  expectedFindings,
  expectedGaps,
  filesBelow,
  fixtureTrees,
} from '../examples/example-tree.js';
import { privateEnvironment, run } from '../examples/run-command.js';

/** A tree that the demo scans. */
export interface DemoTree {
  /** What a newcomer should know about it before reading its result. */
  readonly heading: string;
  /** Its folder below fixtures. */
  readonly folder: string;
}

const headings: Readonly<Record<string, string>> = {
  move_notify: 'the contract up to Linux 7.0: every dynamic importer must have a callback, and none can say "not me"',
  invalidate_mappings: 'the contract since Linux 7.1: leaving the callback out says "I cannot be invalidated"',
  marker: 'a tree in which a field of the ops says so',
  paths: 'what is held, released and locked on each path of a function: right and wrong side by side',
};

export const demoTrees: readonly DemoTree[] = Object.entries(fixtureTrees).map(([dialect, folder]) => ({
  heading: headings[dialect] ?? folder,
  folder,
}));

/** What the demo shows of a tree. */
export interface ShownTree {
  readonly command: string;
  /** What the command printed. */
  readonly stdout: string;
  /** Where reality differs from what the markers in the tree's files say: one line each. */
  readonly differences: readonly string[];
}

/**
 * Scans a tree as a user would, and compares what is printed, and what the library gives, with the tree's markers.
 * @param top the folder in which the command is run
 * @param tree the tree, relative to that folder
 */
export async function showTree(top: string, tree: string): Promise<ShownTree> {
  const args = ['scan', tree, '--format', 'text'];
  const { code, stdout, stderr } = await run(args, { cwd: top });
  const { findings, notAnalysed } = await scan({ tree, cwd: top, env: privateEnvironment() });
  const expected = markersOf(join(top, tree));
  const wantedCode = findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  return {
    command: `dmabuf-lint ${args.join(' ')}`,
    stdout,
    differences: [
      ...textDifferences(stdout, join(top, tree)),
      ...differences('finding of the library', expected.findings, actualFindings(findings)),
      ...differences('gap of the library', expected.gaps, actualGaps(notAnalysed)),
      ...(code === wantedCode ? [] : [`${tree}: the exit code is ${code}, not ${wantedCode}`]),
      ...(stderr === '' ? [] : [`${tree}: on standard error: ${stderr.trim()}`]),
    ],
  };
}

/** Where the findings and gaps in a printed text are others than the markers of a tree say. */
export function textDifferences(text: string, root: string): readonly string[] {
  const expected = markersOf(root);
  return [
    ...differences('finding', expected.findings, shownFindings(text)),
    ...differences('place that is not analysed', expected.gaps, shownGaps(text)),
  ];
}

function markersOf(root: string): { readonly findings: readonly string[]; readonly gaps: readonly string[] } {
  const texts = filesBelow(root).map((path) => [path, textOf(join(root, path))] as const);
  return {
    findings: texts.flatMap(([path, text]) => expectedFindings(path, text)).sort(),
    gaps: texts.flatMap(([path, text]) => expectedGaps(path, text)).sort(),
  };
}

/** What cannot be read expects nothing. */
function textOf(path: string): string {
  try {
    return decodeSource(readFileSync(path));
  } catch {
    return '';
  }
}

/** The findings in a text, as {@link actualFindings} has them. */
function shownFindings(text: string): readonly string[] {
  const lines = text.matchAll(/^(\S+):(\d+):\d+: (?:error|warning|note): .* \[([\w-]+), confidence \w+\]$/gm);
  return actualFindings([...lines].map(([, file = '', line = '', rule = '']) => ({ file, line: Number(line), rule })));
}

/** The places in a text that are not analysed, as {@link actualGaps} has them. */
function shownGaps(text: string): readonly string[] {
  const [, list = ''] = /^not analysed\n((?: {2}.*\n)+)/m.exec(text) ?? [];
  const lines = list.matchAll(/^ {2}([^\s:]+)(?::(\d+))?(?: \w+\(\))?: /gm);
  return actualGaps(
    [...lines].map(([, file = '', line]) => ({ file, line: line === undefined ? null : Number(line) })),
  );
}

function differences(what: string, expected: readonly string[], actual: readonly string[]): readonly string[] {
  return [
    ...expected.filter((one) => !actual.includes(one)).map((one) => `${one}: this ${what} is missing`),
    ...actual.filter((one) => !expected.includes(one)).map((one) => `${one}: no marker expects this ${what}`),
  ];
}
