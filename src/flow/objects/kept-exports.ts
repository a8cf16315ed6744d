import { functionsWithRole } from '../../kernel/index.js';
import { type Codebase, functionsIn, memoByFile } from '../../program/index.js';

/**
 * Whether a file makes descriptors of its buffers and takes a further reference beside: it keeps one for itself, which it
 * drops later by the buffer that it looks up.
 */
export function keepsItsExports(codebase: Codebase, path: string): boolean {
  return memoByFile(codebase, path, 'keeps a reference of what it exports', () => {
    const { program } = codebase;
    const makes = callOf(functionsWithRole('fd'));
    const takes = callOf(functionsWithRole('ref', 'get'));
    return functionsIn(program, path).some((ref) => {
      const body = program.bodyText(ref);
      return makes.test(body) && takes.test(body);
    });
  });
}

const callOf = (names: readonly string[]): RegExp => new RegExp(`\\b(?:${names.join('|')})\\s*\\(`);
