import { type Contract, deniesPinned } from '../../contract/index.js';
import type { Conflict, FileChange, PatchName, Stale } from '../changes.js';
import { compileMarkdown } from '../compile/markdown.js';
import { compileRest } from '../compile/rest.js';
import { readText, type Substitutes, substitute } from '../source.js';
import {
  bufferPath,
  driversPage,
  enterIndex,
  enterMaintainers,
  indexPath,
  invalidationPage,
  linkFromBuffers,
  maintainersPath,
  type PagePlace,
} from './page-entries.js';
import { dialectWords, driverWords } from './page-facts.js';
import { formerPageForms } from './page-forms.js';
import { mergePage } from './page-merge.js';
import { compareRows } from './page-rows.js';

/** A page as it should be. */
export interface PlannedPage {
  /** `dma-buf-invalidation`. */
  readonly name: string;
  readonly rest: string;
  readonly markdown: string;
}

/** A page, and what must change for it. */
interface PagePlan {
  readonly files: readonly FileChange[];
  readonly stale: readonly Stale[];
  readonly conflicts: readonly Conflict[];
  readonly page: PlannedPage;
}

/** What makes a page of ours. */
interface PageSource {
  readonly place: PagePlace;
  /** What it is about, for messages. */
  readonly about: string;
  readonly patch: PatchName;
  /** Its text, below src/docs. */
  readonly source: string;
  /** What stands above its title. */
  readonly head: string;
  readonly words: (contract: Contract) => Substitutes;
  /** What else refers to it. */
  readonly links: Readonly<Record<string, (text: string, place: PagePlace) => string>>;
}

const licence = '.. SPDX-License-Identifier: GPL-2.0\n';
const entries = { [indexPath]: enterIndex, [maintainersPath]: enterMaintainers };

const pages: readonly PageSource[] = [
  {
    place: invalidationPage,
    about: 'invalidation',
    patch: 'page',
    source: 'pages/invalidation.md',
    head: `${licence}\n.. _dma_buf_invalidation:\n`,
    words: dialectWords,
    links: { ...entries, [bufferPath]: linkFromBuffers },
  },
  {
    place: driversPage,
    about: 'drivers',
    patch: 'tables',
    source: 'pages/drivers.md',
    head: `${licence}..
   The tables are made from the code by "dmabuf-lint docs", and held against it
   by "dmabuf-lint docs --check".
`,
    words: driverWords,
    links: entries,
  },
];

/**
 * Plans the pages and what refers to them; writes nothing.
 * @param withTables whether there is to be a page of drivers
 */
export function planPages(contract: Contract, withTables: boolean): readonly PagePlan[] {
  // The pages are entered into the same files, one after the other.
  const texts = new Map<string, string>();
  return pages.filter(({ patch }) => withTables || patch !== 'tables').map((page) => planPage(contract, page, texts));
}

function planPage(contract: Contract, page: PageSource, texts: Map<string, string>): PagePlan {
  const { tree } = contract.codebase.program;
  const { place, patch, head, links } = page;
  const text = substitute(readText(page.source), page.words(contract));
  const wanted = `${head}\n${compileRest(text)}`;
  const before = tree.read(place.path) ?? null;
  const merged =
    before === null
      ? { text: wanted, kept: [], missing: [], outdated: [] }
      : mergePage(before, wanted, formerPageForms(page.source));
  const files: FileChange[] = [];
  const add = (path: string, old: string | null, text: string): void => {
    texts.set(path, text);
    if (text !== old) files.push({ path, before: old, after: text, patch });
  };
  add(place.path, before, merged.text);
  for (const [path, enter] of Object.entries(links)) {
    const text = texts.get(path) ?? tree.read(path);
    if (text !== undefined) add(path, text, enter(text, place));
  }
  return {
    files,
    stale: [...staleOf(page, before, merged), ...staleLinks(place, before, files)],
    conflicts: merged.kept
      .filter(({ text }) => deniesPinned(withoutUnrevoke(text)))
      .map(({ text, line, instead }) => ({ path: place.path, line, subject: 'the page', theirs: text, ours: instead })),
    page: { name: place.entry, rest: merged.text, markdown: compileMarkdown(text) },
  };
}

/** A pinned importer may ignore that memory is given back; to say so denies nothing. */
function withoutUnrevoke(text: string): string {
  return text.replace(/[^.;]*\bun-?revo[ck][^.;]*[.;]?/gi, '');
}

function staleOf(
  { place: { path }, about }: PageSource,
  before: string | null,
  { text, missing, outdated }: ReturnType<typeof mergePage>,
): readonly Stale[] {
  const at = (line: number, kind: Stale['kind'], message: string): Stale => ({
    path,
    line,
    kind,
    message,
    isMended: true,
  });
  if (before === null) return [at(1, 'stale-documentation', `the tree has no page on ${about}`)];
  return [
    ...compareRows(before, text).map(({ line, message }) => at(line, 'stale-table', message)),
    ...missing.map((each) => at(each.line, 'stale-documentation', `the page lacks '${beginning(each.text)}'`)),
    ...outdated.map((each) =>
      at(each.line, 'stale-documentation', `'${beginning(each.text)}' does not hold in this tree`),
    ),
  ];
}

function staleLinks({ path }: PagePlace, before: string | null, files: readonly FileChange[]): readonly Stale[] {
  if (before === null) return [];
  return files
    .filter((file) => file.path !== path)
    .map((file) => ({
      path: file.path,
      line: 1,
      kind: 'stale-documentation',
      message: `does not refer to ${path}`,
      isMended: true,
    }));
}

/** The first words of a paragraph, or of what a directive holds. */
function beginning(text: string): string {
  const words = text.replace(/^\.\. [\w-]+:: ?/, '').replace(/\s+/g, ' ');
  return words.length <= 60 ? words : `${words.slice(0, 57)}...`;
}
