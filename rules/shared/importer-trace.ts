import { type Contract, type Importer, stepAt, type TraceStep } from '../../src/contract/index.js';

/** How an importer comes to be what it is: attach, ops, pin, and what the rule adds. */
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
    steps.push(stepAt(codebase, named.ref.path, named.at, `with the ops that ${named.ref.outline.name}() hands down`));
  steps.push(stepAt(codebase, table.path, table.at, `the ops are '${table.name}'`));
  const pin = pinUses.find((use) => !use.temporary) ?? pinUses[0];
  if (pin)
    steps.push(stepAt(codebase, pin.use.ref.path, pin.use.call.at, `pinned here by ${pin.use.place.function}()`));
  return [...steps, ...rest];
}

/** What the callback does, as far as it was followed. */
export function callbackSteps({ verdict }: Importer): readonly TraceStep[] {
  return verdict.kind === 'absent' ? [] : verdict.trace;
}
