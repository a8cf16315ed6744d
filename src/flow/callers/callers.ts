import { type Codebase, type FunctionRef, functionKey, memoByFunction } from '../../program/index.js';

/**
 * The functions that call another by its name, in the files given. A file that has a function of that name itself means
 * its own; whatever else could shadow it is not looked for, since that reads whole modules.
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

/** The callers of a function wherever it can be named. */
export function callersInScope(codebase: Codebase, ref: FunctionRef): readonly FunctionRef[] {
  return memoByFunction(codebase, ref, 'callers-in-scope', () =>
    callersAmong(codebase, ref, codebase.references.scope(ref)),
  );
}

/** Its callers in files that speak of the dma-buf API. */
export function callersAmongCandidates(codebase: Codebase, ref: FunctionRef): readonly FunctionRef[] {
  return memoByFunction(codebase, ref, 'callers-among-candidates', () => {
    const candidates = new Set(codebase.program.candidates);
    return callersAmong(
      codebase,
      ref,
      codebase.references.scope(ref).filter((path) => candidates.has(path)),
    );
  });
}
