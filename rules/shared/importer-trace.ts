import { type Contract, type Importer, stepAt, type TraceStep } from '../../src/contract/index.js';

/** The trace of a finding about an importer: the attach, the ops table, the pin, and the steps in `rest`. */
export function importerTrace(
  contract: Contract,
  importer: Importer,
  rest: readonly TraceStep[] = [],
): readonly TraceStep[] {
  const { codebase } = contract;
  const { table, attachPaths, pinUses } = importer;
  const [path] = attachPaths;
  const named = path?.frames.at(-1);
  const steps: TraceStep[] = [];
  if (path)
    steps.push(
      stepAt(codebase, path.site.ref.path, path.site.call.at, `attached here by ${path.site.place.function}()`),
    );
  if (path && named && path.frames.length > 1)
    steps.push(stepAt(codebase, named.ref.path, named.at, `with the ops that ${named.ref.outline.name}() passes`));
  steps.push(stepAt(codebase, table.path, table.at, `the ops are '${table.name}'`));
  const pin = pinUses.find((use) => !use.temporary) ?? pinUses[0];
  if (pin)
    steps.push(stepAt(codebase, pin.use.ref.path, pin.use.call.at, `pinned here by ${pin.use.place.function}()`));
  return [...steps, ...rest];
}

/** The trace steps that show what the callback does. */
export function callbackSteps({ verdict }: Importer): readonly TraceStep[] {
  return verdict.kind === 'absent' ? [] : verdict.trace;
}
