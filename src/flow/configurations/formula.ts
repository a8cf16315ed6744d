// `#if defined(A) && !IS_ENABLED(B)`: what an `#if` asks, as a formula over what cannot be taken apart.

import { optionAsked } from '../../kernel/index.js';

/** What a condition asks. An atom is true or false as a whole: `defined A`, `IS_ENABLED(B)`, `VERSION>=3`. */
export type Formula =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] };

/**
 * The formula of a directive: `#ifdef A`, `#if !defined(A)` and `#elif B` are `defined A`, its negation, and `B`.
 * @returns undefined for `#else`
 */
export function formulaOfDirective(directive: string): Formula | undefined {
  const [, def, asked] = /^#\s*(?:el)?if(n?def)?\b\s*(.*)$/.exec(directive) ?? [];
  if (asked === undefined) return undefined;
  if (def === undefined) return formulaOf(asked);
  const isDefined = formulaOf(`defined ${asked}`);
  return def === 'def' ? isDefined : { kind: 'not', of: isDefined };
}

/** The formula of an expression of the preprocessor. Reads what {@link textOf} writes, too. */
export function formulaOf(expression: string): Formula {
  const text = withoutParens(expression.trim());
  for (const [operator, kind] of [
    ['||', 'or'],
    ['&&', 'and'],
  ] as const) {
    const parts = splitAt(text, operator);
    if (parts.length > 1 && !text.includes('?')) return { kind, parts: parts.map(formulaOf) };
  }
  const [, negated] = /^!\s*(defined\s+\w+|(?:defined\s*)?\(.*\)|\w+\s*(?:\(.*\))?)$/.exec(text) ?? [];
  if (negated !== undefined && isOperand(negated)) return { kind: 'not', of: formulaOf(negated) };
  const [, left = '', operator = '', right = ''] = /^([^<>=!?]+)(<|<=|!=)([^<>=!?]+)$/.exec(text) ?? [];
  const opposite = { '<': '>=', '<=': '>', '!=': '==' }[operator];
  if (opposite !== undefined) return { kind: 'not', of: formulaOf(`${left}${opposite}${right}`) };
  const [, inside, name = inside] = /^defined(?:\s*\(\s*(\w+)\s*\)|\s+(\w+))$/.exec(text) ?? [];
  const option = optionAsked(text.replace(/\s/g, ''));
  if (option !== undefined) return formulaOf(option);
  const atom = name === undefined ? text : `defined ${name}`;
  return { kind: 'atom', text: atom.replace(/\s+/g, ' ').replace(/ ?([^\w ]) ?/g, '$1') };
}

/** A formula as an expression. */
export function textOf(formula: Formula): string {
  switch (formula.kind) {
    case 'atom':
      return formula.text;
    case 'not':
      return `!(${textOf(formula.of)})`;
    default:
      return `(${formula.parts.map(textOf).join(formula.kind === 'and' ? '&&' : '||')})`;
  }
}

/** The atoms of a formula. */
export function atomsOf(formula: Formula): readonly string[] {
  if (formula.kind === 'atom') return [formula.text];
  return formula.kind === 'not' ? atomsOf(formula.of) : formula.parts.flatMap(atomsOf);
}

/** Whether a formula holds where some atoms are known; undefined where they do not tell. */
export function truthIn(formula: Formula, known: ReadonlyMap<string, boolean>): boolean | undefined {
  if (formula.kind === 'atom') return known.get(formula.text);
  if (formula.kind === 'not') {
    const value = truthIn(formula.of, known);
    return value === undefined ? undefined : !value;
  }
  const decides = formula.kind === 'or';
  const values = formula.parts.map((part) => truthIn(part, known));
  if (values.includes(decides)) return decides;
  return values.includes(undefined) ? undefined : !decides;
}

/** An expression without parentheses around the whole. */
function withoutParens(text: string): string {
  return text.startsWith('(') && closing(text) === text.length - 1 ? withoutParens(text.slice(1, -1).trim()) : text;
}

/** Whether what follows a `!` is one operand, and not `(a) == (b)`. */
function isOperand(text: string): boolean {
  const open = text.indexOf('(');
  return open < 0 || open + closing(text.slice(open)) === text.length - 1;
}

/** Where the parenthesis closes that a text begins with. */
function closing(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** The parts of an expression between the places where an operator stands outside of parentheses. */
function splitAt(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
    else if (depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(start, at));
      start = at + operator.length;
      at = start - 1;
    }
  }
  return [...parts, text.slice(start)];
}
