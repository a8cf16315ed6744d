/** Where the page, the index and MAINTAINERS are in a tree. */
export const pagePath = 'Documentation/driver-api/dma-buf-invalidation.rst';
export const indexPath = 'Documentation/driver-api/index.rst';
export const maintainersPath = 'MAINTAINERS';

const entry = 'dma-buf-invalidation';
const neighbour = 'dma-buf';

/** Adds the page to a toctree, below the entry of dma-buf, or else at the end of the first toctree. */
export function enterIndex(text: string): string {
  if (new RegExp(`^[ \\t]+${entry}[ \\t]*$`, 'm').test(text)) return text;
  const below = new RegExp(`^([ \\t]+)${neighbour}[ \\t]*$`, 'm').exec(text);
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

/** Adds the page to MAINTAINERS, before dma-buf.rst, since the lines of an entry are sorted. */
export function enterMaintainers(text: string): string {
  if (
    text.includes(`F:\tDocumentation/driver-api/${entry}.rst\n`) ||
    /^F:\tDocumentation\/driver-api\/dma-buf\*/m.test(text)
  )
    return text;
  return text.replace(
    /^F:\tDocumentation\/driver-api\/dma-buf\.rst\n/m,
    `F:\tDocumentation/driver-api/${entry}.rst\n$&`,
  );
}
