import { posix } from 'node:path';
import { isTest, type SourceText } from './source-tree.js';

/** When a file needs another: while it is loaded, later when its code runs, or only for the compiler. */
export type ImportKind = 'load' | 'later' | 'type';

/** One import of a file of the house by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: ImportKind;
  /** The names that are imported, as the other file exports them; undefined where it may be any. */
  readonly names: readonly string[] | undefined;
  /** Whether it is an `export *`: the file exports what it imports. */
  readonly passesOn: boolean;
}

const statement = /^(?:import|export)\s+(type\s+)?([^'"`;=]*?)\s*(?:\bfrom\s*)?['"]([^'"]+)['"]/gm;
// `import('./x.js')`, and `new URL('./x.js', import.meta.url)`, which names a worker or the program of a process.
const later = /\bimport\(\s*['"]([^'"]+)['"]|\bnew URL\(\s*['"]([^'"]+\.js)['"]\s*,\s*import\.meta\.url/g;

/**
 * The files of the house that a file imports. With `verbatimModuleSyntax`, only `import type` and `export type` vanish
 * at run time: `import { type A }` loads the file.
 */
export function importsOf({ path, text, code }: SourceText): readonly Import[] {
  // An import inside a string or a comment is blank in `code`.
  const isCode = (match: RegExpMatchArray): boolean => /^\w/.test(code.slice(match.index));
  const statements = [...text.matchAll(statement)].filter(isCode).map(([, type, clause = '', name = '']) => ({
    name,
    kind: type ? ('type' as const) : ('load' as const),
    names: namesIn(clause),
    passesOn: clause.trim() === '*',
  }));
  const laters = [...text.matchAll(later)].filter(isCode).map((match) => ({
    name: match[1] ?? match[2] ?? '',
    kind: 'later' as const,
    names: undefined,
    passesOn: false,
  }));
  return [...statements, ...laters]
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name, ...rest }) => ({
      from: path,
      to: posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts'),
      ...rest,
    }));
}

/** The names in the braces of an import; undefined for `* as all` and a default. */
function namesIn(clause: string): readonly string[] | undefined {
  if (clause === '') return [];
  const list = /^\{([^}]*)\}$/.exec(clause.trim())?.[1];
  return list
    ?.split(',')
    .map((entry) =>
      entry
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s+.*$/s, ''),
    )
    .filter((name) => name !== '');
}

/**
 * Circles of imports among files that are no tests: each is a set of files that reach one another.
 * @param kinds which imports count
 */
export function circles(imports: readonly Import[], kinds: readonly ImportKind[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { from, to, kind } of imports)
    if (kinds.includes(kind) && !isTest(from)) next.set(from, [...(next.get(from) ?? []), to]);
  const reached = new Map([...next.keys()].map((path) => [path, reachableFrom(path, next)]));
  const found = new Set<string>();
  return [...next.keys()].sort().flatMap((path) => {
    if (found.has(path) || !reached.get(path)?.has(path)) return [];
    const circle = [...(reached.get(path) ?? [])].filter((other) => reached.get(other)?.has(path)).sort();
    for (const member of circle) found.add(member);
    return [circle];
  });
}

function reachableFrom(start: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...(next.get(start) ?? [])];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(next.get(path) ?? []));
  }
  return reached;
}
