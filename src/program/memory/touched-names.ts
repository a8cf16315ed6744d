import { type AttributeWords, outlineFile } from '../../c/index.js';
import type { FileChange } from '../../input/series/series.js';

/** What a change does to the definitions of a file. */
export interface TouchedNames {
  /** Functions, macros, types, enumerators and tables that differ between the two versions of a file. */
  readonly defined: ReadonlySet<string>;
  /** All words in these. */
  readonly used: ReadonlySet<string>;
}

/**
 * Compares the definitions of a file before and after a change.
 * @param attributes the words that the tree uses as attributes
 */
export function touchedNames(
  { path, before, after }: Pick<FileChange, 'path' | 'before' | 'after'>,
  attributes: AttributeWords,
): TouchedNames {
  const [old, current] = [before, after].map((text) => definitionsIn(path, text ?? '', attributes));
  const defined = new Set<string>();
  const used = new Set<string>();
  for (const [one, other] of [
    [old, current],
    [current, old],
  ] as const)
    for (const [name, text] of one ?? []) {
      if (other?.get(name) === text) continue;
      defined.add(name);
      for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) used.add(word);
    }
  return { defined, used };
}

/** The definitions of a file by name, as text without comments and the contents of strings. */
function definitionsIn(path: string, text: string, attributes: AttributeWords): ReadonlyMap<string, string> {
  const { code, unit } = outlineFile(path, text, attributes);
  const found = new Map<string, string>();
  const add = (name: string, body: string): void => {
    const plain = body.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/\s+/g, ' ');
    found.set(name, (found.get(name) ?? '') + plain);
  };
  for (const { name, start, end } of unit.functions) add(name, code.slice(start, end));
  for (const { name, start, end } of unit.variables) add(name, code.slice(start, end));
  for (const { name, parameters, body } of unit.macros) add(name, `${parameters?.join(',') ?? ''} ${body}`);
  for (const [name, body] of otherDefinitions(code)) add(name, body);
  for (const { tag, fields } of unit.structs) add(tag, fields.map((field) => `${field.type} ${field.name}`).join(';'));
  return found;
}

/** `DEFINE_FREE(foo, …)`, `typedef … foo;`, and the enumerators of an enumeration, each of which has a number from those before it. */
function otherDefinitions(code: string): readonly (readonly [name: string, body: string])[] {
  const made = [...code.matchAll(/^[A-Z][A-Z0-9_]*\(\s*(\w+)[^;{}]*(?:;|\)$)/gm)].map(
    ([body, name = '']) => [name, body] as const,
  );
  const types = [...code.matchAll(/^typedef\b[^;{}]*?(\w+)(?:\)\([^;]*\))?;/gm)].map(
    ([body, name = '']) => [name, body] as const,
  );
  const enumerators = [...code.matchAll(/\benum\b[^{};()]*\{([^{}]*)\}/g)].flatMap(([, body = '']) =>
    [...body.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name = '']) => [name, body] as const),
  );
  return [...made, ...types, ...enumerators];
}
