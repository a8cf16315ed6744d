import { ownValue } from '../../base/own-value.js';
import type { Comment, Include, Macro } from '../unit.js';

/** One `#if`, `#elif`, `#else` or `#endif` line. */
export interface ConditionalLine {
  readonly kind: 'if' | 'elif' | 'else' | 'endif';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with everything but its code blanked, at the same length and with the same newlines, and what was blanked. */
export interface MaskedText {
  /** Comments, directives and the insides of strings are blanks. */
  readonly code: string;
  readonly comments: readonly Comment[];
  readonly includes: readonly Include[];
  readonly macros: readonly Macro[];
  /** The `#undef` lines. */
  readonly undefined: readonly UndefinedMacro[];
  readonly conditionals: readonly ConditionalLine[];
}

/** An `#undef`. */
export interface UndefinedMacro {
  readonly name: string;
  readonly at: number;
}

// What is not plain code: a comment, a string, a character, or a directive at the start of a line.
const interesting = /\/\*|\/\/|"|'|^[ \t]*#/gm;

/** Finds the comments, strings and directives of a text, and blanks them. */
export function maskText(text: string): MaskedText {
  const comments: Comment[] = [];
  const includes: Include[] = [];
  const macros: Macro[] = [];
  const removed: UndefinedMacro[] = [];
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
      readDirective(plainDirective(text, start, end, inside), start, end, {
        includes,
        macros,
        undefined: removed,
        conditionals,
      });
      blankTo(start, end);
    }
    pattern.lastIndex = end;
  }
  pieces.push(text.slice(done));
  return { code: pieces.join(''), comments, includes, macros, undefined: removed, conditionals };
}

/** Blanks of the length of a range, with its line ends kept. */
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

/** End of a line and of the lines that continue it: the offset of the newline, or the length of the text. */
function lineEnd(text: string, start: number): number {
  for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', end + 1)) {
    const before = text[end - 1] === '\r' ? text[end - 2] : text[end - 1];
    if (before !== '\\') return end;
  }
  return text.length;
}

/** End of a string or character, one past its closing quote; the end of the line where the quote is missing. */
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

/** Whether a string or character ends with its closing quote, and not with its line or the text. */
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

/** Finds a comment, string or character in a directive. */
const inDirective = /\/\*|\/\/|"|'/;

/** End of a directive, and of the comments in it, which may go on below its line. These are added to a list. */
function directiveEnd(text: string, start: number, comments: Comment[]): number {
  let end = lineEnd(text, start);
  for (let at = start; at < end; ) {
    // The search is within the directive only: over the rest of a file with ten thousand #defines it takes minutes.
    const match = inDirective.exec(text.slice(at, end));
    if (!match) break;
    const open = at + match.index;
    const isComment = match[0].startsWith('/');
    const close = isComment ? commentEnd(text, open) : Math.min(literalEnd(text, open), end);
    if (isComment) comments.push({ start: open, end: close });
    if (close > end) end = lineEnd(text, close);
    at = Math.max(close, open + 1);
  }
  return end;
}

/** The directive at an offset as text, on one line and without comments. */
export function directiveText(text: string, start: number): string {
  const comments: Comment[] = [];
  return plainDirective(text, start, directiveEnd(text, start, comments), comments)
    .trim()
    .replace(/\s+/g, ' ');
}

/** The text of a directive without its comments and line continuations. */
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
  into: { includes: Include[]; macros: Macro[]; undefined: UndefinedMacro[]; conditionals: ConditionalLine[] },
): void {
  const [, word = '', rest = ''] = directivePattern.exec(plain) ?? [];
  const kind = ownValue(conditionalKinds, word);
  if (kind) {
    into.conditionals.push({ kind, start, end, text: `#${word} ${rest.trim().replace(/\s+/g, ' ')}`.trim() });
  } else if (word === 'include') {
    const [, open, path] = /^([<"])([^>"]+)[>"]/.exec(rest) ?? [];
    if (path) into.includes.push({ at: start, path, quoted: open === '"' });
  } else if (word === 'undef') {
    const [name] = /^\w+/.exec(rest) ?? [];
    if (name) into.undefined.push({ name, at: start });
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
