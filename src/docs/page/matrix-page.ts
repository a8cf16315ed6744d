import type { List, PhrasingContent, Root, RootContent } from 'mdast';
import {
  type CellChange,
  type FoldedMatrix,
  foldMatrix,
  listsInWords,
  type Negotiation,
  type NegotiationChanges,
  type NegotiationVerdict,
  negotiationVerdicts,
  opsOfKey,
  type SideChange,
} from '../../contract/index.js';
import * as nodes from '../nodes.js';
import { heading, list, paragraph, strong, table } from '../nodes.js';

/** The negotiation table as a document: a row per importer, a column per kind of exporter, then the reasons. */
export function matrixTree(negotiation: Negotiation): Root {
  const folded = foldMatrix(negotiation);
  const { importers, kernelVersion } = negotiation;
  const title = `Importers and exporters of linux ${kernelVersion ?? '(version unknown)'}`;
  if (importers.length === 0 || folded.groups.length === 0)
    return root([
      heading(1, title),
      paragraph(`${importers.length} importers, ${negotiation.exporters.length} exporters: there is no pair.`),
      ...unknownApi(negotiation),
    ]);
  return root([
    heading(1, title),
    cellTable(folded),
    heading(2, 'Exporters'),
    exporterList(folded),
    ...mappingTypes(folded),
    heading(2, 'Why'),
    ...reasons(folded),
    ...unknownApi(negotiation),
  ]);
}

function root(children: readonly RootContent[]): Root {
  return { type: 'root', children: [...children] };
}

function cellTable(folded: FoldedMatrix): RootContent {
  const { importers } = folded.negotiation;
  return table([
    ['importer', ...folded.groups.map((_, index) => String(index + 1))],
    ...importers.map((importer) => [
      [code(importer.name)],
      ...folded.groups.map((group) => verdictWords(folded.cell(importer, group).verdict)),
    ]),
  ]);
}

/** A verdict; a dangerous one stands out. */
function verdictWords(verdict: NegotiationVerdict): readonly PhrasingContent[] {
  return [verdict === 'unsafe' || verdict === 'may wait for ever' ? strong(verdict) : text(verdict)];
}

function exporterList({ groups }: FoldedMatrix): List {
  const items = groups.map(({ title, exporters }) => [
    text(`${title}: `),
    ...exporters.flatMap(({ name }, index): PhrasingContent[] => [...(index > 0 ? [text(', ')] : []), code(name)]),
  ]);
  return { ...list(items), ordered: true, start: 1 };
}

/** What of the API is not known, so that rows or columns may be missing; nothing where all of it is. */
function unknownApi({ unknownApi: unknown }: Negotiation): readonly RootContent[] {
  if (unknown.length === 0) return [];
  return [
    heading(2, 'Not known'),
    paragraph('Importers and exporters may be missing:'),
    list(unknown.map(({ file, line, message }) => [code(`${file}:${line}`), text(`: ${message}`)])),
  ];
}

/** What importers accept and exporters offer, and what is picked; nothing for a tree whose core has no mapping types. */
function mappingTypes(folded: FoldedMatrix): readonly RootContent[] {
  const { importers, exporters } = folded.negotiation;
  if (exporters.every((exporter) => exporter.mappingTypes === null)) return [];
  const accepted = importers.map((importer) => [
    [code(importer.name)],
    [text(listsInWords(importer.mappingTypes, 'importer')?.join('; ') ?? '-')],
    ...folded.groups.map((group) => [text(folded.cell(importer, group).mappingTypes?.join(' or ') || '-')]),
  ]);
  const offered = exporters.map(({ name, mappingTypes: types }) => [
    [code(name)],
    [text(listsInWords(types && [types], 'exporter')?.join('; ') ?? '-')],
  ]);
  return [
    heading(2, 'Mapping types'),
    table([['importer', 'accepts', ...folded.groups.map((_, index) => `from ${index + 1}`)], ...accepted]),
    table([['exporter', 'offers'], ...offered]),
  ];
}

/** Why each cell has its verdict. A pair that works because the exporter never takes memory back needs no reason. */
function reasons(folded: FoldedMatrix): readonly RootContent[] {
  const items = folded.negotiation.importers.flatMap((importer) =>
    folded.groups.flatMap((group, index): PhrasingContent[][] => {
      const { verdict, reason, trace, cause } = folded.cell(importer, group);
      if (verdict === 'works' && cause !== 'follows') return [];
      const last = trace.at(-1);
      const where = last ? [text(' ('), code(`${last.file}:${last.line}`), text(`: ${last.message})`)] : [];
      return [[code(importer.name), text(` with ${index + 1}: ${verdict}: ${reason}`), ...where]];
    }),
  );
  return items.length === 0 ? [paragraph('No exporter takes memory back.')] : [list(items)];
}

/** What differs between two negotiation tables, as a document. */
export function matrixChangesTree(before: Negotiation, after: Negotiation, changes: NegotiationChanges): Root {
  const from = before.kernelVersion ?? 'before';
  const to = after.kernelVersion ?? 'after';
  return root([heading(1, `Importers and exporters: linux ${from} to ${to}`), ...changesSection(changes)]);
}

function changesSection({ cells, sides }: NegotiationChanges): readonly RootContent[] {
  const rows = cells.map(changeRow);
  return [
    ...(rows.length > 0
      ? [table([['importer', 'exporter', 'before', 'after', 'why'], ...rows])]
      : [paragraph('No cell changes.')]),
    ...sides.map(sideParagraph),
  ];
}

function changeRow({ kind, before, after }: CellChange): readonly (readonly PhrasingContent[])[] {
  return [
    [code(opsOfKey(after.importer))],
    [code(opsOfKey(after.exporter))],
    verdictWords(before.verdict),
    [...verdictWords(after.verdict), text(` (${kind})`)],
    [text(after.reason)],
  ];
}

function sideParagraph({ kind, side, name, cells }: SideChange): RootContent {
  const other = side === 'exporter' ? 'importer' : 'exporter';
  const said = negotiationVerdicts.flatMap((verdict) => {
    const own = cells.filter((cell) => cell.verdict === verdict);
    if (own.length === 0) return [];
    // Most pairs work: a long list of them is only counted.
    if (verdict === 'works' && own.length > 8) return [`works with ${own.length}`];
    return [`${verdict}: ${own.map((cell) => opsOfKey(cell[other])).join(', ')}`];
  });
  const head = [text(`${kind === 'new' ? 'New' : 'Gone'} ${side} `), code(name)];
  return paragraph([...head, text(said.length === 0 ? '.' : `: ${said.join('; ')}.`)]);
}

/** Names and reasons come from the tree: they may hold line feeds, which would end a cell. */
function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ');
}

function text(value: string): PhrasingContent {
  return nodes.text(oneLine(value));
}

function code(value: string): PhrasingContent {
  return nodes.code(oneLine(value));
}
