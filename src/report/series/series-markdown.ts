import type { PhrasingContent, Root, RootContent, TableRow } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import {
  type ContractChange,
  type Finding,
  ofPatch,
  ofWhole,
  oldFindings,
  type SeriesOutcome,
} from '../../lint/index.js';
import { byVerdict } from '../matrix/matrix-changes.js';
import { escapeForTerminal } from '../text/escape.js';
import type { Affected } from './affected.js';
import { type JudgedChanges, judgedChanges } from './judged-changes.js';
import { patchNumber } from './patch-number.js';
import { sinceLines } from './since-lines.js';
import { fullName, shortName, type TableNames } from './table-names.js';

const writer = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: '-', emphasis: '*', fences: true, rule: '-' });

/** Formats what a series does as Markdown for its cover letter: the change to the contract, then what each patch adds. */
export function formatSeriesMarkdown(
  outcome: SeriesOutcome,
  { all, affected }: { readonly all: boolean; readonly affected: Affected | null },
): string {
  const judged = judgedChanges(outcome.judged);
  const changes = judged.contract;
  const children: RootContent[] = [
    heading('Change to the dma-buf contract'),
    ...(changes.length > 0
      ? [
          table(
            ['what', 'where', 'before', 'after'],
            changes.map((change) => changeRow(change, affected?.names)),
          ),
        ]
      : [paragraph([text(judged.notJudged.length > 0 ? 'None that can be judged.' : 'None.')])]),
    ...notJudgedList(judged),
    ...negotiationSection(judged, affected?.names),
    ...affectedSection(affected),
    heading('Findings'),
    ...findingsList(outcome),
    ...sinceSection(outcome),
    ...(all ? oldSection(outcome) : []),
  ];
  const root: Root = { type: 'root', children };
  return writer.stringify(root);
}

/** What only seems to change. */
function notJudgedList({ notJudged }: JudgedChanges): readonly RootContent[] {
  if (notJudged.length === 0) return [];
  return [paragraph([text('Not judged:')]), list(notJudged.map(({ what, why }) => [text(`${what}: ${why}`)]))];
}

/** How the series changes who may attach to whom; empty if it does not. */
function negotiationSection({ negotiation: changes }: JudgedChanges, names?: TableNames): readonly RootContent[] {
  const rows = changes.cells.map(({ kind, before, after }) => [
    [code(fullName(names, after.importer))],
    [code(fullName(names, after.exporter))],
    [text(before.verdict)],
    [text(`${after.verdict} (${kind})`)],
  ]);
  const items = changes.sides.map(({ kind, side, key, cells }) => {
    const said = byVerdict(cells, side, (other) => shortName(names, other)).map(
      ([verdict, others]) => `${verdict}: ${others.join(', ')}`,
    );
    const rest = said.length > 0 ? said.join('; ') : `works with all ${cells.length}`;
    return [text(`${kind} ${side} `), code(fullName(names, key)), text(`: ${rest}`)];
  });
  if (rows.length + items.length === 0) return [];
  return [
    heading('Who may attach to whom'),
    ...(rows.length > 0 ? [table(['importer', 'exporter', 'before', 'after'], rows)] : []),
    ...items.map((words) => paragraph(words)),
  ];
}

/** The tables outside of the series that it affects, and who should hear of it. */
function affectedSection(affected: Affected | null): readonly RootContent[] {
  if (!affected || affected.tables.length === 0) return [];
  const tables = affected.tables.map(({ name, file, drivers }) => [
    code(fullName(affected.names, `${file}:${name}`)),
    text(' in '),
    code(file),
    text(`${drivers.length > 0 ? `, behind it: ${drivers.join(', ')}` : ''}`),
  ]);
  const people = affected.tell.map((person) => [text(person)]);
  return [
    heading('Affected outside of the series'),
    list(tables),
    ...(people.length > 0
      ? [paragraph([text('By MAINTAINERS, they should hear of it, and did not get the mails:')]), list(people)]
      : []),
  ];
}

function changeRow(
  { kind, name, file, before, after }: ContractChange,
  names?: TableNames,
): readonly PhrasingContent[][] {
  return [
    kind === 'dialect' ? [text(name)] : [text(`${kind} `), code(fullName(names, `${file}:${name}`))],
    file === null ? [] : [code(file)],
    [text(before ?? '-')],
    [text(after ?? '-')],
  ];
}

function findingsList(outcome: SeriesOutcome): readonly RootContent[] {
  const items = [
    ...ofWhole(outcome).map((finding) => item('the series', finding)),
    ...outcome.judged.patches.flatMap((judged) => {
      const number = `patch ${patchNumber(outcome, judged)}`;
      return [
        ...ofPatch(outcome, judged).map((finding) => item(number, finding)),
        ...judged.comparison.fixed.map((finding) => item(`${number} fixes`, finding)),
      ];
    }),
  ];
  return [items.length === 0 ? paragraph([text('No new findings.')]) : list(items)];
}

/** What was there before the series. */
function oldSection(outcome: SeriesOutcome): readonly RootContent[] {
  const items = oldFindings(outcome).map((finding) => item('not new', finding));
  return items.length === 0 ? [] : [heading('Findings from before the series'), list(items)];
}

/** What became of the findings of the revision before. */
function sinceSection({ since }: SeriesOutcome): readonly RootContent[] {
  const lines = sinceLines(since);
  if (!lines) return [];
  const items = lines.items.map(({ patch, became, finding: { file, line, message, rule } }) => [
    text(`${patch} ${became}: `),
    code(became === 'still' ? `${file}:${line}` : file),
    text(`: ${message} (${rule})`),
  ]);
  return [heading(lines.head), list(items)];
}

function list(items: readonly PhrasingContent[][]): RootContent {
  return {
    type: 'list',
    spread: false,
    children: items.map((children) => ({ type: 'listItem', spread: false, children: [paragraph(children)] })),
  };
}

function item(where: string, { file, line, severity, message, rule }: Finding): PhrasingContent[] {
  return [text(`${where}: ${severity}: `), code(`${file}:${line}`), text(`: ${message} (${rule})`)];
}

function heading(words: string): RootContent {
  return { type: 'heading', depth: 2, children: [text(words)] };
}

function paragraph(children: readonly PhrasingContent[]): { type: 'paragraph'; children: PhrasingContent[] } {
  return { type: 'paragraph', children: [...children] };
}

function text(value: string): PhrasingContent {
  return { type: 'text', value: escapeForTerminal(value) };
}

function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value: escapeForTerminal(value) };
}

function table(head: readonly string[], rows: readonly (readonly PhrasingContent[][])[]): RootContent {
  const row = (cells: readonly PhrasingContent[][]): TableRow => ({
    type: 'tableRow',
    children: cells.map((children) => ({ type: 'tableCell', children })),
  });
  return { type: 'table', children: [row(head.map((word) => [text(word)])), ...rows.map(row)] };
}
