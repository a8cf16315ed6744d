import type { SourceText } from './source-tree.js';

/** A function of a source text, from its first line to its last. */
export interface FunctionSpan {
  readonly path: string;
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  readonly lines: number;
}

/** How a kind of function begins, and what has to follow its parameters. */
interface Form {
  /** At the start of a line, after its indentation. The first group is the name. */
  readonly head: RegExp;
  /** At the end of the head's match: undefined where any text may follow. */
  readonly behindParameters?: RegExp;
}

const bodyFollows = /^(?:: [^;]*?)?\s\{/;
const arrowFollows = /^(?:: [^;]*?)?\s=>/;

const forms: readonly Form[] = [
  { head: /^(?:export (?:default )?)?(?:async )?function\*? ?([\w$]+).*\(/, behindParameters: bodyFollows },
  { head: /^(?:export )?const ([\w$]+)\b.*? = (?:async )?(?:<[^>]*>)?\(/, behindParameters: arrowFollows },
  { head: /^(?:export )?const ([\w$]+)\b.*? = (?:async )?[\w$]+ =>/ },
  { head: /^'?([\w$]+)'?: (?:async )?\(/, behindParameters: arrowFollows },
  { head: /^'?([\w$]+)'?: (?:async )?[\w$]+ =>/ },
  // A method of an object or a class.
  { head: /^(?:(?:static|private|readonly|override|async|get|set) |\*)*([\w$]+)\(/, behindParameters: bodyFollows },
  // A test or a hook. `describe` only groups tests.
  { head: /^(it|test|before|after|beforeEach|afterEach)\(.*(?:=>|\bfunction\b)/ },
];
/** Statements that look like methods. */
const statements = new Set(['if', 'for', 'while', 'switch', 'catch']);

/**
 * Measures the functions of a file that biome has formatted: declarations, methods, constants and members that are
 * arrow functions, and tests. The indentation tells where a function ends. A function inside another counts by itself,
 * and the outer one counts with it; a function without a name counts only with the one around it.
 */
export function functionSpans({ path, code }: Pick<SourceText, 'path' | 'code'>): readonly FunctionSpan[] {
  const lines = code.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const last = lastLine(lines, index);
    const name = functionName(
      lines
        .slice(index, last + 1)
        .join('\n')
        .trimStart(),
    );
    return name === undefined ? [] : [{ path, name, line: index + 1, lines: last - index + 1 }];
  });
}

/** The name of the function that a text is, or undefined where it is none. */
function functionName(text: string): string | undefined {
  for (const { head, behindParameters } of forms) {
    const match = head.exec(text);
    const name = match?.[1];
    if (!match || name === undefined || statements.has(name)) continue;
    if (!behindParameters || behindParameters.test(behindBrackets(text, match[0].length - 1))) return name;
  }
  return undefined;
}

/** What follows the bracket that closes the one at an offset. */
function behindBrackets(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return text.slice(at + 1);
  }
  return '';
}

/**
 * Finds the end of what begins at a line.
 * @param lines code that biome has formatted, see codeOf()
 * @param first 0-based
 * @returns the index of its last line. All that is indented further belongs to it, and so do lines at its own
 * indentation that close something: `): Result {` goes on, `}` ends it.
 */
export function lastLine(lines: readonly string[], first: number): number {
  const indent = indentOf(lines[first] ?? '');
  let last = first;
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at]?.trimEnd() ?? '';
    if (line === '') continue;
    // The formatter does not indent the text of a template, nor its end.
    if (indentOf(line) <= indent && line.trimStart().startsWith('`')) {
      last = at;
      continue;
    }
    const isCloser = indentOf(line) === indent && /^[)\]}]/.test(line.trimStart());
    if (indentOf(line) <= indent && !isCloser) break;
    last = at;
    if (isCloser && !/(?:[{([]|=>)$/.test(line)) break;
  }
  return last;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
