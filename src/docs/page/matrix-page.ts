import type { List, PhrasingContent, Root, RootContent } from 'mdast';
import {
  type CellChange,
  type FoldedMatrix,
  foldMatrix,
  type Negotiation,
  type NegotiationChanges,
  negotiationVerdicts,
  opsOfKey,
  type SideChange,
} from '../../contract/index.js';
import { heading, paragraph, table } from '../nodes.js';

/** The negotiation table as a document: a row for each importer, a column for each kind of exporter, then the reasons. */
export function matrixTree(negotiation: Negotiation): Root {
  const folded = foldMatrix(negotiation);
  const { importers, kernelVersion } = negotiation;
  const title = `Importers and exporters of linux ${kernelVersion ?? '(version unknown)'}`;
  if (importers.length === 0 || folded.groups.length === 0)
    return root([
      heading(1, title),
      paragraph(`${importers.length} importers, ${negotiation.exporters.length} exporters: nobody can meet.`),
    ]);
  return root([
    heading(1, title),
    cellTable(folded),
    heading(2, 'Exporters'),
    exporterList(folded),
    heading(2, 'Why'),
    ...reasons(folded),
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

/** What is dangerous stands out. */
function verdictWords(verdict: string): readonly PhrasingContent[] {
  const words = text(verdict);
  return verdict === 'unsafe' || verdict === 'may wait for ever' ? [{ type: 'strong', children: [words] }] : [words];
}

function exporterList({ groups }: FoldedMatrix): List {
  const items = groups.map(({ title, exporters }) => [
    text(`${title}: `),
    ...exporters.flatMap(({ name }, index): PhrasingContent[] => [...(index > 0 ? [text(', ')] : []), code(name)]),
  ]);
  return { ...list(items), ordered: true, start: 1 };
}

/** What works because nothing is ever taken back needs no word. */
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
  return items.length === 0 ? [paragraph('Nothing is ever taken back.')] : [list(items)];
}

/** What lies between two tables, as a document. */
export function matrixChangesTree(before: Negotiation, after: Negotiation, changes: NegotiationChanges): Root {
  const from = before.kernelVersion ?? 'before';
  const to = after.kernelVersion ?? 'after';
  return root([heading(1, `Importers and exporters: linux ${from} to ${to}`), ...changesSection(changes)]);
}

/** The same as part of another document; nothing where nothing changes. */
export function changesSection({ cells, sides }: NegotiationChanges): readonly RootContent[] {
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
    // Those that work are the many.
    if (verdict === 'works' && own.length > 8) return [`works with ${own.length}`];
    return [`${verdict}: ${own.map((cell) => opsOfKey(cell[other])).join(', ')}`];
  });
  const head = [text(`${kind === 'new' ? 'New' : 'Gone'} ${side} `), code(name)];
  return paragraph([...head, text(said.length === 0 ? '.' : `: ${said.join('; ')}.`)]);
}

function list(items: readonly (readonly PhrasingContent[])[]): List {
  return {
    type: 'list',
    spread: false,
    children: items.map((children) => ({ type: 'listItem', spread: false, children: [paragraph(children)] })),
  };
}

function text(value: string): PhrasingContent {
  return { type: 'text', value: value.replace(/\s+/g, ' ') };
}

function code(value: string): PhrasingContent {
  return { type: 'inlineCode', value: value.replace(/\s+/g, ' ') };
}
