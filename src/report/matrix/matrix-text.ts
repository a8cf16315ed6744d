import {
  type ExporterGroup,
  type FoldedMatrix,
  foldMatrix,
  type ImporterSide,
  listsInWords,
  type Negotiation,
} from '../../contract/index.js';
import { type Colours, coloursFor } from '../text/colour.js';
import { escapeForTerminal } from '../text/escape.js';
import { fitted, wrap } from '../text/wrap.js';
import { usedVerdicts, verdictLooks } from './verdicts.js';

/** Longer lines are hard to read. */
const widest = 100;

/** How to show the table. */
interface MatrixTextOptions {
  readonly colour: boolean;
  /** How wide lines may be; null for a pipe or a file. */
  readonly columns?: number | null;
  /** Show every step that leads to a verdict, not only the one that decides. */
  readonly traces: boolean;
}

/** Formats the negotiation table for a terminal: a row per importer, a column per kind of exporter, then the reasons. */
export function formatMatrixText(negotiation: Negotiation, options: MatrixTextOptions): string {
  const { colour, columns = null, traces } = options;
  const colours = coloursFor(colour);
  const width = Math.min(columns ?? widest, widest);
  const folded = foldMatrix(negotiation);
  const { groups } = folded;
  const head = `${colours.bold(`linux ${escapeForTerminal(negotiation.kernelVersion ?? '(version unknown)')}`)}: who may attach to whom, and what happens when memory is taken back\n`;
  const unknown = unknownApi(negotiation, colours, width);
  const parts =
    negotiation.importers.length === 0 || groups.length === 0
      ? [`${emptiness(negotiation)}\n`]
      : [
          ...tables(folded, colours, width),
          legend(folded, colours),
          exporterList(groups, colours, width),
          ...mappingTypes(folded, colours, width),
          reasons(folded, colours, { traces, width }),
        ];
  return fitted([head, ...parts, ...unknown].join('\n'), columns);
}

/** What a tree has that has no pair of importer and exporter. */
function emptiness({ importers, exporters }: Negotiation): string {
  if (importers.length === 0 && exporters.length === 0) return 'no importers and no exporters';
  return importers.length === 0
    ? `no importers; ${exporters.length} exporters`
    : `${importers.length} importers; no exporters`;
}

const cellWidth = 8;
const longestName = 48;

/** The table in as many parts as its columns need, each part as wide as fits. */
function tables(folded: FoldedMatrix, colours: Colours, width: number): readonly string[] {
  const { importers } = folded.negotiation;
  const nameWidth = Math.min(longestName, Math.max(...importers.map(({ name }) => escapeForTerminal(name).length)));
  const atOnce = Math.max(1, Math.floor((width - nameWidth - 2) / cellWidth));
  const parts: string[] = [];
  for (let first = 0; first < folded.groups.length; first += atOnce) {
    const groups = folded.groups.slice(first, first + atOnce);
    const numbers = groups.map((_, index) => `${first + index + 1}`.padEnd(cellWidth)).join('');
    const rows = importers.map(
      (importer) => `${nameCell(importer, nameWidth)}  ${cells(folded, importer, groups, colours)}`,
    );
    parts.push(`${colours.dim(`${'importer'.padEnd(nameWidth)}  ${numbers.trimEnd()}`)}\n${rows.join('\n')}\n`);
  }
  return parts;
}

function nameCell({ name }: ImporterSide, nameWidth: number): string {
  const shown = escapeForTerminal(name);
  return shown.length > nameWidth ? `${shown.slice(0, nameWidth - 3)}...` : shown.padEnd(nameWidth);
}

function cells(
  folded: FoldedMatrix,
  importer: ImporterSide,
  groups: readonly ExporterGroup[],
  colours: Colours,
): string {
  return groups
    .map((group) => {
      const { verdict } = folded.cell(importer, group);
      const { short, paint } = verdictLooks[verdict];
      return colours[paint](short) + ' '.repeat(cellWidth - short.length);
    })
    .join('')
    .trimEnd();
}

function legend({ negotiation }: FoldedMatrix, colours: Colours): string {
  const lines = usedVerdicts(negotiation).map((verdict) => {
    const { short, paint, meaning } = verdictLooks[verdict];
    return `  ${colours[paint](short)}${' '.repeat(cellWidth - short.length)}${meaning}`;
  });
  return `${lines.join('\n')}\n`;
}

function exporterList(groups: readonly ExporterGroup[], colours: Colours, width: number): string {
  const lines = groups.flatMap(({ title, exporters }, index) => [
    `  ${String(index + 1).padStart(2)}  ${title}`,
    ...wrap(exporters.map(({ name }) => escapeForTerminal(name)).join(', '), width - 6).map(
      (line) => `      ${colours.dim(line)}`,
    ),
  ]);
  return `${colours.bold('exporters')}\n${lines.join('\n')}\n`;
}

/** What of the API is not known, so that rows or columns may be missing; nothing where all of it is. */
function unknownApi({ unknownApi: unknown }: Negotiation, colours: Colours, width: number): readonly string[] {
  const lines = unknown.flatMap(({ file, line, message }) =>
    wrap(escapeForTerminal(`${file}:${line}: ${message}`), width - 2, '    ').map((one) => `  ${one}`),
  );
  return lines.length === 0
    ? []
    : [`${colours.bold('not known: importers and exporters may be missing')}\n${lines.join('\n')}\n`];
}

/** What importers accept and exporters offer, and what is picked; nothing in a tree whose core has no mapping types. */
function mappingTypes(folded: FoldedMatrix, colours: Colours, width: number): readonly string[] {
  const { importers, exporters } = folded.negotiation;
  const lines = [
    ...importers.flatMap((importer) =>
      typeLines(importer.name, 'accepts', listsInWords(importer.mappingTypes, 'importer'), width),
    ),
    ...exporters.flatMap(({ name, mappingTypes: types }) =>
      typeLines(name, 'offers', listsInWords(types && [types], 'exporter'), width),
    ),
    ...importers.flatMap((importer) => picks(folded, importer, width)),
  ];
  return lines.length === 0 ? [] : [`${colours.bold('mapping types')}\n${lines.join('\n')}\n`];
}

function typeLines(name: string, does: string, lists: readonly string[] | null, width: number): readonly string[] {
  return (lists ?? []).flatMap((list) =>
    wrap(escapeForTerminal(`${name} ${does} ${list}`), width - 2, '    ').map((line) => `  ${line}`),
  );
}

/** The type that an importer would get from each kind of exporter: `a from 1, 4; a or b from 2`. */
function picks(folded: FoldedMatrix, importer: ImporterSide, width: number): readonly string[] {
  const picked = new Map<string, number[]>();
  for (const [index, group] of folded.groups.entries()) {
    const types = folded.cell(importer, group).mappingTypes?.join(' or ');
    if (types) picked.set(types, [...(picked.get(types) ?? []), index + 1]);
  }
  const words = [...picked].map(([types, numbers]) => `${types} from ${numbers.join(', ')}`);
  return words.length === 0 ? [] : typeLines(importer.name, 'gets', [words.join('; ')], width);
}

/** Why each cell has its verdict. A pair that works because the exporter never takes memory back needs no reason. */
function reasons(
  folded: FoldedMatrix,
  colours: Colours,
  { traces, width }: { readonly traces: boolean; readonly width: number },
): string {
  const lines = folded.negotiation.importers.flatMap((importer) =>
    folded.groups.flatMap((group, index) => {
      const { verdict, reason, trace, cause } = folded.cell(importer, group);
      if (verdict === 'works' && cause !== 'follows') return [];
      const head = `${escapeForTerminal(importer.name)} x ${index + 1}: ${verdict}: ${escapeForTerminal(reason)}`;
      const steps = traces ? trace : trace.slice(-1);
      return [
        ...wrap(head, width - 2, '    ').map((line) => `  ${line}`),
        ...steps.map(
          ({ file, line, message }) =>
            `      ${colours.cyan(escapeForTerminal(`${file}:${line}`))}: ${escapeForTerminal(message)}`,
        ),
      ];
    }),
  );
  return lines.length === 0 ? '' : `${colours.bold('why')}\n${lines.join('\n')}\n`;
}
