import { type Expression, expressionsOf, subexpressions, visitStatements } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionAt, functionKey } from '../../program/index.js';
import { isErrorValue } from '../attachments/users.js';
import { courseOf, membersAsked } from '../calls/calls-in-order.js';
import type { Invalidation, MapAfterRevoke } from '../model.js';
import { stateMembers } from '../tables/state-members.js';
import type { OpsTable } from '../tables/tables.js';
import { fails, opFunction, returnsOnlyErrors } from './refusal.js';

const deepestCheck = 3;
/** Calls that make the mapping: from here on a refusal would come too late. */
const mapping =
  /^(dma_buf_phys_vec_to_sgt|dma_map_\w+|drm_prime_pages_to_sg|drm_gem_map_dma_buf|dma_get_sgtable\w*|dma_iova_\w+)$/;
/** Calls that a mapping function makes without asking for the state of its buffer. */
const bystanders = /^(kref_\w+|dma_buf_\w+|get_\w+|to_\w+|pci_\w+|dma_\w+|drm_gem_object_\w+|(?:un)?likely)$/;

/** Whether `map_dma_buf` returns an error on something that the revoking functions change. */
export function mapAfterRevoke(
  codebase: Codebase,
  table: OpsTable,
  revocations: readonly Invalidation[],
): MapAfterRevoke | null {
  const ref = opFunction(codebase, table, 'map_dma_buf');
  if (!ref) return null;
  const about = { function: ref.outline.name, path: ref.path, at: ref.outline.nameAt };
  if (returnsOnlyErrors(codebase, ref, deepestCheck)) return { ...about, verdict: 'always-fails', because: null };
  const state = stateMembers(
    codebase,
    revocations.flatMap((one) => revokingFunctions(codebase, one)),
  );
  const field = refusalField(codebase, ref, state, deepestCheck, new Set());
  if (field !== null) return { ...about, verdict: 'refuses', because: field };
  const unknown = unknownBeforeMapping(codebase, ref);
  return { ...about, verdict: unknown === null ? 'maps' : 'unknown', because: unknown };
}

/** The function that notifies, and those above it. */
function revokingFunctions(codebase: Codebase, { place, at, sequences }: Invalidation): readonly FunctionRef[] {
  const first = functionAt(codebase.program, place.file, at);
  const names = new Set(sequences.flatMap(({ functions }) => functions.slice(1)));
  const above = [...names].flatMap((name) => codebase.definitions.find(name, place.file) ?? []);
  return first ? [first, ...above] : above;
}

/** The field of the state on which a function, or one that it calls, returns an error; null where there is none. */
function refusalField(
  codebase: Codebase,
  ref: FunctionRef,
  state: ReadonlySet<string>,
  depth: number,
  seen: Set<string>,
): string | null {
  if (seen.has(functionKey(ref))) return null;
  seen.add(functionKey(ref));
  const asks = (test: Expression): string | null =>
    [...membersAsked(codebase, ref, test)].find((member) => state.has(member)) ?? null;
  let found: string | null = null;
  visitStatements(codebase.program.lower(ref).body, (statement) => {
    if (found !== null) return;
    if (statement.kind === 'if' && (fails(statement.then) || fails(statement.otherwise))) found = asks(statement.test);
    // Of a switch, and of a helper that returns what it asks for, the values are not weighed.
    else if (statement.kind === 'switch') found = asks(statement.subject);
    else if (statement.kind === 'return' && statement.value && depth < deepestCheck) found = asks(statement.value);
    for (const choice of expressionsOf(statement).flatMap(choicesIn))
      if (isErrorValue(choice.then) || isErrorValue(choice.otherwise)) found ??= asks(choice.test);
  });
  if (found !== null || depth === 0) return found;
  for (const event of courseOf(codebase, ref, -1, { depth: 0, isGoal: () => false })) {
    const target = codebase.definitions.find(event.name, ref.path);
    const inner =
      target && !bystanders.test(event.name) ? refusalField(codebase, target, state, depth - 1, seen) : null;
    if (inner !== null) return inner;
  }
  return null;
}

function choicesIn(expression: Expression): readonly Extract<Expression, { kind: 'conditional' }>[] {
  return [
    ...(expression.kind === 'conditional' ? [expression] : []),
    ...subexpressions(expression).flatMap((inner) => choicesIn(inner)),
  ];
}

/** A call before the mapping is made that cannot be followed, and so may refuse; null where there is none. */
function unknownBeforeMapping(codebase: Codebase, ref: FunctionRef): string | null {
  const course = courseOf(codebase, ref, -1, { depth: deepestCheck, isGoal: (name) => mapping.test(name) });
  const end = course.findIndex((event) => mapping.test(event.name));
  const before = end < 0 ? course : course.slice(0, end);
  return before.find((event) => event.isOpaque && !bystanders.test(event.name))?.name ?? null;
}
