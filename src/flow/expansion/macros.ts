import { type FunctionUnit, lowerFunction, type Macro, outlineFile } from '../../c/index.js';
import { type Codebase, memoByFile, plain } from '../../program/index.js';

/**
 * Reads the function-like macros of the candidate files whose text matches a pattern.
 * @returns each as a function of the same name; the first file that defines a name wins
 */
export function readMacros(codebase: Codebase, pattern: RegExp): ReadonlyMap<string, FunctionUnit> {
  const units = new Map<string, FunctionUnit>();
  const defining = new Set(codebase.program.candidatesWith(/^[ \t]*#[ \t]*define[ \t]+\w+\([^)\n]*\)/m));
  for (const path of codebase.program.candidatesWith(pattern).filter((candidate) => defining.has(candidate)))
    for (const unit of memoByFile(codebase, path, 'macros', () => macrosIn(codebase, pattern, path), plain()))
      if (!units.has(unit.name)) units.set(unit.name, unit);
  return units;
}

function macrosIn(codebase: Codebase, pattern: RegExp, path: string): readonly FunctionUnit[] {
  return (codebase.program.file(path)?.unit.macros ?? []).flatMap((macro) => {
    const isWanted = macro.parameters !== null && pattern.test(macro.body);
    return (isWanted && unitOf(codebase, macro, macro.parameters)) || [];
  });
}

/** The macros of the candidate files with several definitions: the kernel version or build options decide which applies. */
export function ambiguousMacros(codebase: Codebase, names: readonly string[]): ReadonlySet<string> {
  const asked = new Set(names);
  const bodies = new Map<string, string>();
  const found = new Set<string>();
  const defining = new RegExp(`#[ \\t]*define[ \\t]+(?:${names.join('|')})\\b`);
  for (const path of names.length > 0 ? codebase.program.candidatesWith(defining) : [])
    for (const { name, body } of codebase.program.file(path)?.unit.macros ?? []) {
      if (!asked.has(name)) continue;
      if ((bodies.get(name) ?? body) !== body) found.add(name);
      bodies.set(name, body);
    }
  return found;
}

/** A macro as a function whose body is the text that it expands to; undefined where that cannot be parsed. */
export function unitOf(
  codebase: Codebase,
  macro: Pick<Macro, 'name' | 'body'>,
  parameters: readonly string[],
): FunctionUnit | undefined {
  const body = macro.body.replace(/\\\r?\n/g, '\n').trim();
  const isStatement = /^(?:do\b|\{|if\b)/.test(body);
  const list = parameters.filter((name) => /^\w+$/.test(name)).map((name) => `void *${name}`);
  const text = `int ${macro.name}(${list.join(', ')})\n{\n${isStatement ? body : `return ${body}`};\n}\n`;
  const { attributes } = codebase.program;
  const file = outlineFile(`${macro.name}.c`, text, attributes);
  const [outline] = file.unit.functions;
  const unit = outline && lowerFunction(file, outline, attributes);
  return unit && unit.unparsed.length === 0 ? unit : undefined;
}

/** A macro with every offset in it set to the place where it is used, since that is what a reader looks at. */
export function usedAt(unit: FunctionUnit, at: number): FunctionUnit {
  return { ...unit, body: moved(unit.body, at) };
}

function moved<T>(data: T, at: number): T {
  if (Array.isArray(data)) return data.map((item) => moved(item, at)) as T;
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, key === 'at' || key === 'end' ? at : moved(value, at)]),
  ) as T;
}
