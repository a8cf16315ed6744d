/** A literal of a TypeScript text. */
export interface Literal {
  readonly kind: 'string' | 'template' | 'pattern';
  /** Without quotes or slashes; a template as written, with its `${…}`. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const quoted = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;
const template = /`((?:[^`\\]|\\[\s\S])*)`/y;
const pattern = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/[dgimsuvy]*/y;
const word = /[\w$]+/y;

/** After one of these words a slash begins a regular expression. */
const before = /^(?:return|case|typeof|in|of|yield|await)$/;

/** The strings, templates and regular expressions of a text, in order. No literal inside a template is told apart. */
export function literalsIn(text: string): readonly Literal[] {
  const found: Literal[] = [];
  let last = '(';
  let at = 0;
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const match = expression.exec(text);
    if (match) at += match[0].length;
    return match;
  };
  const add = (kind: Literal['kind'], start: number, content: string): void => {
    found.push({ kind, text: content, line: text.slice(0, start).split('\n').length });
    last = kind;
  };
  while (at < text.length) {
    const start = at;
    if (/\s/.test(text[at] ?? '')) at++;
    else if (take(comment)) continue;
    else {
      const string = take(quoted);
      const whole = string ? null : take(template);
      const isValue = /^[\w$]+$|^[)\]}]$/.test(last) && !before.test(last);
      const expression = string || whole || isValue ? null : take(pattern);
      const name = string || whole || expression ? null : take(word);
      if (string) add('string', start, string[1] ?? string[2] ?? '');
      else if (whole) add('template', start, whole[1] ?? '');
      else if (expression) add('pattern', start, expression[1] ?? '');
      else last = name?.[0] ?? text[at++] ?? '';
    }
  }
  return found;
}
