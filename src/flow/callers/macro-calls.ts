// Calls that no text shows: `#define EX_CALL(op, x) ex_##op(x)`, and `EX_SHOW(state)` for ex_state_show().

import { isWordCharacter, type SourceFile } from '../../c/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';

/**
 * Whether a macro or a header may call a function: what names it in a header of the module, a macro of its own file, or one that
 * puts its name together. A quoted header that the tree does not have may define such a macro.
 * @param files those that can name the function
 */
export function mayBeMadeByMacro(
  codebase: Codebase,
  { path, outline }: FunctionRef,
  files: readonly string[],
): boolean {
  const { program, definitions } = codebase;
  const headers = definitions.headers(path);
  if (program.includesOf(path).some(({ quoted, path: written }) => quoted && isMissing(headers, written))) return true;
  const own = headers.filter((header) => !ofKernel.test(header)).map((header) => program.text(header) ?? '');
  const texts = [...files.map((one) => program.text(one) ?? ''), ...own];
  return (
    own.some((text) => names(text, outline.name)) ||
    files.some((one) => isPassedInPart(atFileLevel(program.file(one)), outline.name)) ||
    texts.some((text) => directives(text).some((directive) => calls(directive, outline.name)))
  );
}

/** Headers of the kernel itself: no macro of them names a function of a driver. */
const ofKernel = /^(?:include|arch|tools)\//;

/** Whether a quoted header is none of those that the tree has. A source in its place is part of the file. */
function isMissing(headers: readonly string[], written: string): boolean {
  const [name = ''] = written.split('/').slice(-1);
  return !name.endsWith('.c') && !headers.some((header) => header.split('/').at(-1) === name);
}

/** The code of a file outside of functions. */
function atFileLevel(file: SourceFile | undefined): string {
  let code = file?.code ?? '';
  for (const { bodyStart, end } of file?.unit.functions.toReversed() ?? [])
    code = `${code.slice(0, bodyStart)}${code.slice(end)}`;
  return code;
}

/** Whether a name stands in a text as a word of its own. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length))
    if (!isWordCharacter(text.charCodeAt(at - 1)) && !isWordCharacter(text.charCodeAt(at + name.length))) return true;
  return false;
}

/** The directives of a text that define macros, with the lines that they go on in. */
function directives(text: string): readonly string[] {
  return text.match(/^[ \t]*#[ \t]*define\b(?:[^\\\n]|\\\r?\n|\\.)*/gm) ?? [];
}

/** Whether a macro names a function, or may put its name together. */
function calls(directive: string, name: string): boolean {
  if (names(directive, name)) return true;
  // By another macro, such as __PASTE().
  if (/paste|concat/i.test(directive)) return true;
  const [, list = ''] = /#\s*define\s+\w+\(([^)]*)\)/.exec(directive) ?? [];
  const parameters = new Set(list.split(',').map((word) => word.trim()));
  const pasted = directive.replace(/\\\r?\n/g, ' ').match(/\w+(?:\s*##\s*\w+)+/g) ?? [];
  return pasted.some((text) => {
    const parts = text.split(/\s*##\s*/).map((part) => (parameters.has(part) ? '\\w*' : part));
    return new RegExp(`^${parts.join('')}$`).test(name);
  });
}

/** Whether a macro in capitals gets a part of a name: `DEFINE_SHOW_ATTRIBUTE(ex_state)` calls ex_state_show(). */
function isPassedInPart(code: string, name: string): boolean {
  const words = name.split('_');
  const parts = words.flatMap((_, index) => [words.slice(0, index).join('_'), words.slice(index).join('_')]);
  const used = [...new Set(parts)].filter((part) => part !== '' && part !== name);
  if (used.length === 0) return false;
  return new RegExp(`\\b[A-Z_][A-Z0-9_]{2,}\\s*\\((?:[^()]*,)?\\s*(?:${used.join('|')})\\s*[,)]`).test(code);
}
