/** A section of MAINTAINERS. */
interface Section {
  readonly title: string;
  /** What stands behind each kind of line: `M` for maintainers, `F` for files. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/** The section of what nobody else maintains; only its mailing list is for every patch. */
const rest = 'THE REST';

/**
 * Who gets a patch by MAINTAINERS: maintainers and reviewers, then mailing lists. This reads what scripts/get_maintainer.pl
 * reads, which is not run: it belongs to the tree.
 * @param maintainers the text of MAINTAINERS
 * @param paths the files that the patch changes
 * @returns `Name <address>`, or the address of a list
 */
export function maintainersOf(maintainers: string, paths: readonly string[]): readonly string[] {
  const sections = sectionsOf(maintainers);
  const concerned = sections.filter((section) => section.title !== rest && paths.some((path) => covers(section, path)));
  const all = sections.filter(({ title }) => title === rest);
  const of = (from: readonly Section[], kind: string): readonly string[] =>
    from.flatMap(({ lines }) => lines.get(kind) ?? []);
  const people = [...of(concerned, 'M'), ...of(concerned, 'R')];
  const lists = [...of(concerned, 'L'), ...of(all, 'L')].map((list) => list.replace(/\s.*$/, ''));
  return [...new Set([...people, ...lists])];
}

function sectionsOf(maintainers: string): readonly Section[] {
  return maintainers.split(/\n\s*\n/).flatMap((block) => {
    const [title = '', ...written] = block.trim().split('\n');
    const lines = new Map<string, string[]>();
    for (const line of written) {
      const [, kind, value] = /^([A-Z]):\s*(.*\S)/.exec(line) ?? [];
      if (kind !== undefined && value !== undefined) lines.set(kind, [...(lines.get(kind) ?? []), value]);
    }
    return lines.size > 0 ? [{ title, lines }] : [];
  });
}

function covers({ lines }: Section, path: string): boolean {
  const matches = (kind: string): boolean => (lines.get(kind) ?? []).some((pattern) => matchesFile(pattern, path));
  return matches('F') && !matches('X');
}

/** A pattern matches as in get_maintainer.pl: a folder holds what is below it, and `*` does not go into a folder. */
function matchesFile(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${source}${pattern.endsWith('/') ? '' : '$'}`).test(path);
}
