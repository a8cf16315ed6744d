import type { AllowedKind } from './allowed.js';
import { longFunction, type Measures, most } from './measures.js';

/** All violations, by the list that may allow them. Their names have no line numbers, so they survive edits. */
export function unwanted(found: Measures): Readonly<Record<AllowedKind, readonly string[]>> {
  return {
    circles: found.circles.later.map((circle) => circle.join(' ')),
    folders: found.folders.filter(([, count]) => count > most.filesInFolder).map(([folder]) => folder),
    functions: found.longFunctions
      .filter(({ lines }) => lines > longFunction.most)
      .map(({ path, name }) => `${path} ${name}()`),
    exports: found.unusedExports,
  };
}
