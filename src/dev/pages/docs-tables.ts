import type { ListItem, PhrasingContent, RootContent, TableCell } from 'mdast';
import { compileMarkdown } from '../../docs/compile/markdown.js';
import type { ExporterReading, ImporterReading, SeriesReading, Site } from '../readings/reading.js';
import { readings } from '../readings/readings.js';

/** The importers of every series that was read, as Markdown. */
export function importersMarkdown(): string {
  return page(
    'Importers',
    [
      'What each dynamic importer of a kernel series does, as read in its source. The kernel tests hold every scan against these tables.',
      'Where the last column gives a reason to see it otherwise, the scan may say any of the kinds named.',
    ],
    importerTable,
  );
}

/** The exporters that matter of every series that was read, as Markdown. */
export function exportersMarkdown(): string {
  return page(
    'Exporters',
    [
      'What the exporters do that pin, move or revoke, and some that are easily misread, as read in their source. All others have no pin and never call their importers.',
      'A revoke takes the memory away for good; a move only puts it elsewhere. “Non-revocable” says whether importers that cannot be invalidated are kept out.',
    ],
    exporterTable,
  );
}

/** The index of the generated pages. */
export function docsIndexMarkdown(): string {
  return render([
    heading(1, 'dmabuf-lint: generated pages'),
    paragraph('Made by `npm run docs`; do not edit.'),
    {
      type: 'list',
      spread: false,
      children: [
        linkItem('dmabuf-lint.1', 'dmabuf-lint(1)', 'the man page'),
        linkItem('rules/README.md', 'Rules', 'what each finding means, with examples, and how to fix it'),
        linkItem('importers.md', 'Importers', 'what we read of every importer in four kernel series'),
        linkItem('exporters.md', 'Exporters', 'the same of the exporters that matter'),
        linkItem('validation.md', 'Validation', 'every error and warning on four kernels, read and judged'),
        linkItem('performance.md', 'Performance', 'what a scan costs, beside what one would use instead'),
        linkItem(
          'trees/linux-7.3/dma-buf-invalidation.md',
          'Invalidation',
          'what `dmabuf-lint docs` says of Linux 7.3.4; beside it, of the trees of our own below fixtures/',
        ),
      ],
    },
  ]);
}

function page(title: string, intro: readonly string[], table: (series: SeriesReading) => RootContent): string {
  const sections = [...readings].reverse().flatMap((series) => [heading(2, `Linux ${series.series}`), table(series)]);
  return render([heading(1, title), ...intro.map(paragraph), ...sections]);
}

function importerTable({ importers }: SeriesReading): RootContent {
  const head = ['importer', 'callback', 'kind', 'pins', 'status', 'used by', 'how we know'];
  return table(head, importers.map(importerRow));
}

function importerRow(importer: ImporterReading): readonly PhrasingContent[][] {
  const drivers = [...new Set(importer.usedBy.map(({ driver }) => driver))].sort((left, right) =>
    left.localeCompare(right, 'en'),
  );
  return [
    [text(`${importer.driver}: `), code(importer.ops)],
    [importer.callback ? code(importer.callback) : text('none')],
    [text(preferred(importer.kinds))],
    pinsCell(importer),
    [text(importer.status[0] ?? '')],
    [text(drivers.join(', '))],
    [...arrows(importer.path), ...words(importer.note ? `. ${importer.note}` : '')],
  ];
}

function exporterTable({ exporters }: SeriesReading): RootContent {
  const head = [
    'exporter',
    'pin',
    'pin policy',
    'notifies in',
    'revokes',
    'needs peer-to-peer',
    'non-revocable',
    'waits',
    'how we know',
  ];
  return table(head, exporters.map(exporterRow));
}

function exporterRow(exporter: ExporterReading): readonly PhrasingContent[][] {
  const notifies = exporter.invalidates.length > 0;
  const waits = [exporter.waitsForFences[0] ? 'for fences' : '', exporter.waitsForUnmap[0] ? 'for unmaps' : ''].filter(
    Boolean,
  );
  return [
    [text(`${exporter.driver}: `), code(exporter.ops)],
    [exporter.pin ? code(exporter.pin) : text('none')],
    [text(exporter.pinPolicy)],
    notifies ? places(exporter.invalidates, '') : [text('nowhere')],
    [text(exporter.revokes ? 'yes' : notifies ? 'no, moves' : 'no')],
    [text(exporter.requiresPeer2peer ? 'yes' : 'no')],
    [text(exporter.rejectsNonRevocable[0] ? 'kept out' : 'let in')],
    [text(notifies ? waits.join(', ') || 'no' : '')],
    words(exporter.note ?? ''),
  ];
}

/** `blocks-access (or unmaps, opaque)`. */
function preferred(values: readonly string[]): string {
  const [first, ...others] = values;
  return others.length > 0 ? `${first} (or ${others.join(', ')})` : (first ?? '');
}

function places(sites: readonly Site[], before: string): PhrasingContent[] {
  return sites.flatMap((site, index) => [text(index === 0 ? before : ', '), code(`${site.function}()`)]);
}

function arrows(steps: readonly string[]): PhrasingContent[] {
  return steps.flatMap((step, index) => [text(index === 0 ? '' : ' → '), ...words(step)]);
}

/** Words with an underscore in them are names: they become code. */
function words(sentence: string): PhrasingContent[] {
  return sentence
    .split(/\b(\w*[a-z0-9]_\w+(?:\(\))?)/)
    .map((part, index) => (index % 2 === 1 ? code(part) : text(part)));
}

function pinsCell({ pins, pinSites }: ImporterReading): PhrasingContent[] {
  if (pins[0] === 'never' && pinSites.length > 0) return [text('never, but for a test'), ...places(pinSites, ': ')];
  return [text(pins[0] ?? ''), ...places(pinSites, ': ')];
}

function table(head: readonly string[], rows: readonly (readonly PhrasingContent[][])[]): RootContent {
  const cells = (row: readonly PhrasingContent[][]): TableCell[] =>
    row.map((children) => ({
      type: 'tableCell',
      children: children.filter((child) => child.type !== 'text' || child.value !== ''),
    }));
  return {
    type: 'table',
    children: [head.map((word) => [text(word)]), ...rows].map((row) => ({ type: 'tableRow', children: cells(row) })),
  };
}

function linkItem(url: string, title: string, what: string): ListItem {
  const children: PhrasingContent[] = [{ type: 'link', url, children: [text(title)] }, text(`: ${what}`)];
  return { type: 'listItem', spread: false, children: [{ type: 'paragraph', children }] };
}

function heading(depth: 1 | 2, title: string): RootContent {
  return { type: 'heading', depth, children: [text(title)] };
}

/** Words between backticks become code. */
function paragraph(words: string): RootContent {
  const children = words.split('`').map((part, index) => (index % 2 === 1 ? code(part) : text(part)));
  return { type: 'paragraph', children: children.filter((child) => child.value !== '') };
}

function text(value: string): { type: 'text'; value: string } {
  return { type: 'text', value };
}

function code(value: string): { type: 'inlineCode'; value: string } {
  return { type: 'inlineCode', value };
}

function render(children: RootContent[]): string {
  return compileMarkdown({ type: 'root', children });
}
