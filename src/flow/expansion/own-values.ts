import { transparentArgument } from '../../kernel/index.js';
import type { MacroDefinition } from '../../program/index.js';

/** A statement expression that keeps its argument in a variable, and ends with it; blanks are gone. */
const keptArgument =
  /^\(?\(\{(?:const )?(bool|int|long|__auto_type|typeof\([^;]*?\)) ?(\w+)=([^;]+);(.*?);?(!!)?\(?\2\)?;\}\)\)?$/;
/** A condition, and what is done where it is true: `((cond) && (print(), 1))`. */
const doneWhereTrue = /^\(?([^&|?:]+?)&&(?:\(.*,(?:1|true)\)|\(\{.*;(?:1|true);\}\))\)?$/;
const leaves = /\b(?:goto|return|break|continue)\b/;

/** A macro that is what one of its arguments is, whatever it does besides. */
export interface OwnValue {
  /** The position of the argument, from 0. */
  readonly position: number;
  /** Whether the macro is only as true as the argument; otherwise it has its value, which may be a pointer or an error. */
  readonly isTruth: boolean;
}

/**
 * Which argument is the value of a macro: the second of
 * `#define EX_FAILED(dev, cond) ({ bool __c = (cond); if (__c) print(dev); __c; })`. Undefined for a macro of any other form.
 */
export function ownValue({ parameters, body }: MacroDefinition): OwnValue | undefined {
  if (!parameters || leaves.test(body)) return undefined;
  const text = withoutHints(withoutBlanks(body));
  const [, type, variable, kept, middle = '', isAsked] = keptArgument.exec(text) ?? [];
  if (variable !== undefined && new RegExp(`(?:\\b${variable}[-+*/|&^]?=(?!=)|&${variable}\\b)`).test(middle))
    return undefined;
  const value = kept ?? doneWhereTrue.exec(text)?.[1];
  const position = value === undefined ? -1 : parameters.indexOf(value.replace(/^!!|[()]/g, ''));
  if (position < 0) return undefined;
  const isTruth = kept === undefined || type === 'bool' || kept.startsWith('!!') || isAsked !== undefined;
  return { position, isTruth };
}

/** The body of a macro with blanks only between two words. */
function withoutBlanks(body: string): string {
  return body
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/(?<!\w) | (?!\w)/g, '');
}

/** A text with `(x)` in place of `unlikely(x)`. */
function withoutHints(text: string): string {
  return text.replace(/\b(\w+)\(/g, (call, name: string) => (transparentArgument(name) === 0 ? '(' : call));
}
