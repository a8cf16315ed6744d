import { type Contract, type Importer, stepAt, type TraceStep } from '../src/contract/index.js';

/** How an importer comes to be what it is: attach, ops, pin, and what the rule adds. */
export function importerTrace(
  contract: Contract,
  importer: Importer,
  rest: readonly TraceStep[] = [],
): readonly TraceStep[] {
  const { codebase } = contract;
  const { table, reaches, pinUses } = importer;
  const [reach] = reaches;
  const named = reach?.frames.at(-1);
  const steps: TraceStep[] = [];
  if (reach)
    steps.push(
      stepAt(codebase, reach.site.ref.path, reach.site.call.at, `attached here by ${reach.site.place.function}()`),
    );
  if (reach && named && reach.frames.length > 1)
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
