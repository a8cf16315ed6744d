import type { Comment, Include, Macro } from './unit.js';

/** One `#if`, `#elif`, `#else` or `#endif` line. */
export interface ConditionalLine {
  readonly kind: 'if' | 'elif' | 'else' | 'endif';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with everything that is no code blanked out, at the same length and with the same newlines. */
export interface MaskedText {
  /** Comments, directives and the insides of strings are blanks. */
  readonly code: string;
  readonly comments: readonly Comment[];
  readonly includes: readonly Include[];
  readonly macros: readonly Macro[];
  readonly conditionals: readonly ConditionalLine[];
}

// The next thing that is not plain code: a comment, a string, a character, or a directive at the start of a line.
const interesting = /\/\*|\/\/|"|'|^[ \t]*#/gm;

/** Finds comments, strings and directives in one pass. */
export function maskText(text: string): MaskedText {
  const comments: Comment[] = [];
  const includes: Include[] = [];
  const macros: Macro[] = [];
  const conditionals: ConditionalLine[] = [];
  const pieces: string[] = [];
  let done = 0;
  const blankTo = (start: number, end: number): void => {
    pieces.push(text.slice(done, start), blanks(text, start, end));
    done = end;
  };
  const pattern = new RegExp(interesting);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = match.index;
    const token = match[0];
    let end: number;
    if (token === '/*' || token === '//') {
      end = commentEnd(text, start);
      comments.push({ start, end });
      blankTo(start, end);
    } else if (token === '"' || token === "'") {
      end = literalEnd(text, start);
      blankTo(start + 1, Math.max(start + 1, end - 1));
    } else {
      end = directiveEnd(text, start, comments);
      readDirective(text, start, end, { includes, macros, conditionals });
      blankTo(start, end);
    }
    pattern.lastIndex = end;
  }
  pieces.push(text.slice(done));
  return { code: pieces.join(''), comments, includes, macros, conditionals };
}

/** Blanks as long as the range, with its line ends kept. */
export function blanks(text: string, start: number, end: number): string {
  const piece = text.slice(start, end);
  return piece.includes('\n') ? piece.replace(/[^\r\n]+/g, (run) => spaces(run.length)) : spaces(piece.length);
}

const longBlank = ' '.repeat(1024);

function spaces(count: number): string {
  return count <= longBlank.length ? longBlank.slice(0, count) : ' '.repeat(count);
}

function commentEnd(text: string, start: number): number {
  if (text[start + 1] === '*') {
    const close = text.indexOf('*/', start + 2);
    return close < 0 ? text.length : close + 2;
  }
  return lineEnd(text, start);
}

/** End of a line, with continued lines; the offset of its newline or of the end of the text. */
function lineEnd(text: string, start: number): number {
  for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', end + 1)) {
    const before = text[end - 1] === '\r' ? text[end - 2] : text[end - 1];
    if (before !== '\\') return end;
  }
  return text.length;
}

/** One past the closing quote; a literal ends with its line where the quote is missing. */
function literalEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === quote) return at + 1;
    else if (character === '\n') return at;
  }
  return text.length;
}

function directiveEnd(text: string, start: number, comments: Comment[]): number {
  let end = lineEnd(text, start);
  // A comment that opens on the directive's line may go on below it.
  for (let at = start; at < end; ) {
    const open = text.slice(at, end).indexOf('/*');
    if (open < 0) break;
    const close = commentEnd(text, at + open);
    comments.push({ start: at + open, end: close });
    if (close > end) end = lineEnd(text, close);
    at = close;
  }
  return end;
}

const directivePattern = /^[ \t]*#[ \t]*(\w+)[ \t]*([\s\S]*)$/;
const conditionalKinds: Readonly<Record<string, ConditionalLine['kind']>> = {
  if: 'if',
  ifdef: 'if',
  ifndef: 'if',
  elif: 'elif',
  elifdef: 'elif',
  elifndef: 'elif',
  else: 'else',
  endif: 'endif',
};

function readDirective(
  text: string,
  start: number,
  end: number,
  into: { includes: Include[]; macros: Macro[]; conditionals: ConditionalLine[] },
): void {
  const plain = text
    .slice(start, end)
    .replace(/\\\r?\n/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*$/, '');
  const [, word = '', rest = ''] = directivePattern.exec(plain) ?? [];
  const kind = Object.hasOwn(conditionalKinds, word) ? conditionalKinds[word] : undefined;
  if (kind) {
    into.conditionals.push({ kind, start, end, text: `#${word} ${rest.trim().replace(/\s+/g, ' ')}`.trim() });
  } else if (word === 'include') {
    const [, open, path] = /^([<"])([^>"]+)[>"]/.exec(rest) ?? [];
    if (path) into.includes.push({ at: start, path, quoted: open === '"' });
  } else if (word === 'define') {
    const [, name, parameters, body = ''] = /^(\w+)(?:\(([^)]*)\))?\s*([\s\S]*)$/.exec(rest) ?? [];
    if (name)
      into.macros.push({
        at: start,
        name,
        parameters: parameters === undefined ? null : parameters.split(',').map((word) => word.trim()),
        body: body.trim(),
      });
  }
}
