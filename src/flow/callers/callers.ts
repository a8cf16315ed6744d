import { type Codebase, type FunctionRef, functionKey, memoByFunction, plain } from '../../program/index.js';

/**
 * The functions in some files that call a function by its name. In a file that defines a function of the same name, the
 * name means that one. Other definitions that could take precedence are not looked for, since that reads whole modules.
 */
function callersAmong(codebase: Codebase, ref: FunctionRef, files: readonly string[]): readonly FunctionRef[] {
  const { name } = ref.outline;
  const found = new Map<string, FunctionRef>();
  for (const { inside, isCall, at, path } of codebase.references.of(name, files)) {
    if (!inside || !isCall || at < inside.outline.bodyStart) continue;
    const own = codebase.program.file(path)?.unit.functions.some((other) => other.name === name);
    if (!own || path === ref.path) found.set(functionKey(inside), inside);
  }
  return [...found.values()];
}

/** The callers of a function in all files that can name it. */
export function callersInScope(codebase: Codebase, ref: FunctionRef): readonly FunctionRef[] {
  return memoByFunction(
    codebase,
    ref,
    'callers-in-scope',
    () => callersAmong(codebase, ref, codebase.references.scope(ref)),
    plain(),
  );
}

/** The callers of a function in the files that use the dma-buf API. */
export function callersAmongCandidates(codebase: Codebase, ref: FunctionRef): readonly FunctionRef[] {
  return memoByFunction(
    codebase,
    ref,
    'callers-among-candidates',
    () => {
      const candidates = new Set(codebase.program.candidates);
      return callersAmong(
        codebase,
        ref,
        codebase.references.scope(ref).filter((path) => candidates.has(path)),
      );
    },
    plain(),
  );
}
