/**
 * Tables of function names. The kernel has far more helpers than anybody lists one by one, so a name may hold the
 * wildcards of a shell: `*` stands for any run of letters, digits and underscores, `?` for one of them, and `{a,b}` for
 * either of several.
 */

/** Names that belong together. */
export interface Topic {
  readonly topic: string;
  /** Where the kernel defines them: a header, or a folder for those of one subsystem. */
  readonly source: string;
  readonly names: readonly string[];
}

export interface NameTable {
  readonly topics: readonly Topic[];
  /** Whether a function or macro of this name is in the table. */
  has(name: string): boolean;
  /** Whether C code, comments blanked out, mentions a name of the table. */
  isIn(code: string): boolean;
}

/** Makes a table that can be asked for a name. */
export function nameTable(...topics: readonly Topic[]): NameTable {
  const names = topics.flatMap((topic) => topic.names.flatMap(alternatives));
  const whole = new Set(names.filter((name) => !isPattern(name)));
  const pattern = new RegExp(`^(?:${names.filter(isPattern).map(source).join('|') || '(?!)'})$`);
  const word = new RegExp(`\\b(?:${names.map(source).join('|')})\\b`);
  return {
    topics,
    has: names.some(isPattern)
      ? remembering((name) => whole.has(name) || pattern.test(name))
      : (name) => whole.has(name),
    isIn: (code) => word.test(code),
  };
}

/** A question for a name, whose answers are kept: each path asks the same names of each table, a million times in a scan. */
function remembering(ask: (name: string) => boolean): (name: string) => boolean {
  const answers = new Map<string, boolean>();
  return (name) => {
    let answer = answers.get(name);
    if (answer === undefined) {
      answer = ask(name);
      answers.set(name, answer);
    }
    return answer;
  };
}

/** One table of all the topics of several. */
export function union(...tables: readonly NameTable[]): NameTable {
  return nameTable(...tables.flatMap((table) => table.topics));
}

/** Every spelling that the braces of a name allow. */
function alternatives(name: string): readonly string[] {
  const [, before = '', list = '', after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(name) ?? [];
  return list === '' ? [name] : list.split(',').flatMap((part) => alternatives(`${before}${part}${after}`));
}

function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

function source(name: string): string {
  return name.replaceAll('*', '\\w*').replaceAll('?', '\\w');
}

/** Words by which the kernel's naming tells what a function does, wherever in the name they stand. */
export interface WordTable {
  readonly words: readonly string[];
  /** Whether a name has one of the words: between underscores, or at an end. */
  has(name: string): boolean;
}

export function wordTable(...words: readonly string[]): WordTable {
  const pattern = new RegExp(`(?:^|_)(?:${words.join('|')})(?:_|$)`);
  return { words, has: remembering((name) => pattern.test(name)) };
}
