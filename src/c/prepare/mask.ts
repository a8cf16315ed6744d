import type { Comment, Include, Macro } from '../unit.js';

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
      blankTo(start + 1, isClosed(text, start, end) ? end - 1 : end);
    } else {
      const inside: Comment[] = [];
      end = directiveEnd(text, start, inside);
      comments.push(...inside);
      readDirective(plainDirective(text, start, end, inside), start, end, { includes, macros, conditionals });
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
    if (character === '\\') at += text.startsWith('\r\n', at + 1) ? 2 : 1;
    else if (character === quote) return at + 1;
    else if (character === '\n') return at;
  }
  return text.length;
}

/** Whether a literal ends with its quote: one that its line or the text ends does not. */
function isClosed(text: string, start: number, end: number): boolean {
  return (
    end > start + 1 &&
    text[end - 1] === text[start] &&
    (end === text.length || text[end] !== '\n' || !isEscaped(text, end - 1))
  );
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** What a directive may hold that is more than its words. */
const inDirective = /\/\*|\/\/|"|'/;

function directiveEnd(text: string, start: number, comments: Comment[]): number {
  let end = lineEnd(text, start);
  for (let at = start; at < end; ) {
    // Searched within the directive only: over the rest of the file, for each of ten thousand #defines, it takes minutes.
    const match = inDirective.exec(text.slice(at, end));
    if (!match) break;
    const open = at + match.index;
    const isComment = match[0].startsWith('/');
    const close = isComment ? commentEnd(text, open) : Math.min(literalEnd(text, open), end);
    if (isComment) comments.push({ start: open, end: close });
    // A comment that opens on the directive's line may go on below it.
    if (close > end) end = lineEnd(text, close);
    at = Math.max(close, open + 1);
  }
  return end;
}

/** The words of the directive at an offset, on one line and without comments. */
export function directiveText(text: string, start: number): string {
  const comments: Comment[] = [];
  return plainDirective(text, start, directiveEnd(text, start, comments), comments)
    .trim()
    .replace(/\s+/g, ' ');
}

function plainDirective(text: string, start: number, end: number, comments: readonly Comment[]): string {
  const pieces: string[] = [];
  let done = start;
  for (const comment of comments) {
    pieces.push(text.slice(done, comment.start));
    done = comment.end;
  }
  return [...pieces, text.slice(done, end)].join(' ').replace(/\\\r?\n/g, ' ');
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
  plain: string,
  start: number,
  end: number,
  into: { includes: Include[]; macros: Macro[]; conditionals: ConditionalLine[] },
): void {
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
