// Does an object live as long as its module, which each exported buffer keeps?

import type { Expression } from '../../c/index.js';
import { moduleBounds } from '../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionsIn } from '../../program/index.js';

/**
 * Returns whether a value is, or lies in, what a variable at file level leads to, and nothing but the start and the end of the
 * module frees that.
 */
export function livesWithModule(codebase: Codebase, ref: FunctionRef, value: Expression): boolean {
  const name = fileVariable(codebase, ref, value);
  if (name === undefined) return false;
  const bounds = new RegExp(`\\b(?:${moduleBounds.join('|')})\\s*\\(\\s*(\\w+)\\s*\\)`, 'g');
  const frees = new RegExp(`\\b\\w*(?:free|destroy|release|put)\\w*\\s*\\(\\s*&?\\s*${name}\\s*[,)]`);
  return codebase.definitions.module(ref.path).every((path) => {
    const text = codebase.program.peek(path) ?? '';
    if (!frees.test(text)) return true;
    const atBounds = new Set([...text.matchAll(bounds)].map(([, named]) => named));
    return functionsIn(codebase.program, path).every(
      (one) => atBounds.has(one.outline.name) || !frees.test(codebase.program.bodyText(one)),
    );
  });
}

/** The variable at file level that a value starts from. */
function fileVariable(codebase: Codebase, ref: FunctionRef, value: Expression): string | undefined {
  switch (value.kind) {
    case 'member':
    case 'index':
      return fileVariable(codebase, ref, value.object);
    case 'unary':
    case 'cast':
      return fileVariable(codebase, ref, value.operand);
    case 'name': {
      const unit = codebase.program.lower(ref);
      const { locals, values } = assignmentsOf(unit);
      const isOwn = locals.has(value.name) || unit.parameters.some(({ name }) => name === value.name);
      if (!isOwn) return isOfFile(codebase, ref.path, value.name) ? value.name : undefined;
      const [given, ...others] = values.get(value.name) ?? [];
      return given?.kind === 'name' && others.length === 0 && given.name !== value.name
        ? fileVariable(codebase, ref, given)
        : undefined;
    }
    default:
      return undefined;
  }
}

function isOfFile({ program }: Codebase, path: string, name: string): boolean {
  return program.file(path)?.unit.variables.some((variable) => variable.name === name) ?? false;
}
