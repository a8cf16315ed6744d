/** A page of ours in the tree. */
export interface PagePlace {
  readonly path: string;
  /** Its name in the index, and that of the page below which it is entered. */
  readonly entry: string;
  readonly above: string;
}

const folder = 'Documentation/driver-api';

function placeOf(entry: string, above: string): PagePlace {
  return { path: `${folder}/${entry}.rst`, entry, above };
}

/** Where the pages, the index, the page on dma-bufs and MAINTAINERS are in a tree. */
export const invalidationPage = placeOf('dma-buf-invalidation', 'dma-buf');
export const driversPage = placeOf('dma-buf-invalidation-drivers', 'dma-buf-invalidation');
export const indexPath = `${folder}/index.rst`;
export const bufferPath = `${folder}/dma-buf.rst`;
export const maintainersPath = 'MAINTAINERS';

/** Adds a page to a toctree, below the entry of another one, or else at the end of the first toctree. */
export function enterIndex(text: string, { entry, above }: PagePlace): string {
  if (new RegExp(`^[ \\t]+${entry}[ \\t]*$`, 'm').test(text)) return text;
  const below = new RegExp(`^([ \\t]+)${above}[ \\t]*$`, 'm').exec(text);
  const place = below ?? lastOfFirstTree(text);
  if (!place) return text;
  const end = place.index + place[0].length;
  return `${text.slice(0, end)}\n${place[1]}${entry}${text.slice(end)}`;
}

function lastOfFirstTree(text: string): { readonly index: number; readonly 0: string; readonly 1: string } | undefined {
  const tree = /^\.\. toctree::\n(?:[ \t]+:.*\n)*\n(?:[ \t]+\S.*(?:\n|$))+/m.exec(text);
  if (!tree) return undefined;
  const last = /([ \t]+)\S.*$/.exec(tree[0].trimEnd());
  return last ? { index: tree.index + last.index, 0: last[0], 1: last[1] ?? '' } : undefined;
}

/** Adds a page to MAINTAINERS, before the page that its name sorts before: the lines of an entry are sorted. */
export function enterMaintainers(text: string, { path }: PagePlace): string {
  if (text.includes(`F:\t${path}\n`) || /^F:\tDocumentation\/driver-api\/dma-buf\*/m.test(text)) return text;
  const next = [invalidationPage.path, bufferPath].find((each) => each > path && text.includes(`F:\t${each}\n`));
  return next === undefined ? text : text.replace(`F:\t${next}\n`, `F:\t${path}\nF:\t${next}\n`);
}

const link = `For what importers and exporters owe to each other when a buffer moves or is
revoked, see ${invalidationPage.path}.`;

/** Links the page from that on dma-bufs, where it describes how devices access a buffer. */
export function linkFromBuffers(text: string, { entry }: PagePlace): string {
  if (text.includes(entry)) return text;
  const access = /^\.\. kernel-doc:: drivers\/dma-buf\/dma-buf\.c\n {3}:doc: dma buf device access\n/m;
  return text.replace(access, (directive) => `${directive}\n${link}\n`);
}
