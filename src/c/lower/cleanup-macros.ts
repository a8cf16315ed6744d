import type { SourceFile } from '../outline/outline.js';
import { type AttributeWords, withMacros } from '../prepare/attributes.js';
import type { Macro } from '../unit.js';

/** What a file writes instead of `__cleanup(f)` and other attributes. */
export interface OwnAttributes {
  readonly attributes: AttributeWords;
  /** The macros of the file that run a function at the end of the scope of a variable. */
  readonly cleanups: readonly Macro[];
}

const known = new WeakMap<SourceFile, OwnAttributes>();

/** The attribute words of a file: those of the tree, and the file's own macros that stand for them. */
export function ownAttributes(file: SourceFile, attributes: AttributeWords): OwnAttributes {
  let own = known.get(file);
  if (!own) {
    const { macros } = file.unit;
    own = { attributes: withMacros(attributes, macros), cleanups: macros.filter(({ body }) => cleanup.test(body)) };
    known.set(file, own);
  }
  return own;
}

/** `__cleanup(f)`, `__attribute__((cleanup(f)))` */
const cleanup = /\b(?:__cleanup|__cleanup__|cleanup)\s*\(\s*(\w+(?:\s*##\s*\w+)*)\s*\)/;

/**
 * What runs at the end of the scope of a variable, from the text of its attributes: the kfree of `__free(kfree)`, or
 * `&f` for `__cleanup(f)`, which gets the address of the variable; null if nothing runs.
 */
export function cleanupOf(text: string, cleanups: readonly Macro[]): string | null {
  const free = /\b__free\s*\(\s*(\w+)\s*\)/.exec(text)?.[1];
  if (free) return free;
  const plain = cleanup.exec(text)?.[1];
  if (plain) return `&${plain}`;
  for (const { name, parameters, body } of cleanups) {
    const use = new RegExp(`\\b${name}\\b(?:\\s*\\(([^()]*)\\))?`).exec(text);
    const called = use && cleanup.exec(body)?.[1];
    if (!called) continue;
    const values = (use[1] ?? '').split(',').map((value) => value.trim());
    const parts = called.split('##').map((part) => part.trim());
    return `&${parts.map((part) => values[parameters?.indexOf(part) ?? -1] ?? part).join('')}`;
  }
  return null;
}
