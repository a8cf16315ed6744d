import {
  type Contract,
  describeRevocation,
  type Exporter,
  type Invalidation,
  type RevokeSequence,
  stepAt,
  type TraceStep,
} from '../../src/contract/index.js';
import type { Confidence } from '../../src/lint/index.js';

/** One revocation of an exporter, on one path from the function that begins it. */
export interface Revocation {
  readonly exporter: Exporter;
  readonly invalidation: Invalidation;
  readonly sequence: RevokeSequence;
}

/** All revocations of a tree. An exporter whose map always fails is left out: it has no mappings to revoke. */
export function* revocations({ exporters }: Contract): Iterable<Revocation> {
  for (const exporter of exporters) {
    if (exporter.mapAfterRevoke?.verdict === 'always-fails') continue;
    for (const invalidation of exporter.invalidations)
      for (const sequence of invalidation.sequences) yield { exporter, invalidation, sequence };
  }
}

/** The wrong revocations of a tree, the first for each notify call. */
export function* firstOfEach(contract: Contract, isWrong: (revocation: Revocation) => boolean): Iterable<Revocation> {
  const seen = new Set<Invalidation>();
  for (const revocation of revocations(contract)) {
    if (seen.has(revocation.invalidation) || !isWrong(revocation)) continue;
    seen.add(revocation.invalidation);
    yield revocation;
  }
}

/** The trace of a revocation: the ops table, the notify call with its callers, the steps in `rest`, and calls that were not followed. */
export function revocationTrace(
  { codebase }: Contract,
  { exporter: { table }, invalidation, sequence }: Revocation,
  rest: readonly TraceStep[] = [],
): readonly TraceStep[] {
  const { place, revokes } = invalidation;
  const above = sequence.functions.slice(1);
  const evidence = revokes ? describeRevocation(revokes) : null;
  const callers = above.length === 0 ? '' : `, called by ${above.map((name) => `${name}()`).join(', by ')}`;
  return [
    stepAt(codebase, table.path, table.at, `the ops are '${table.name}'`),
    { file: place.file, line: place.line, message: `${place.function}() revokes here${callers}: it ${evidence}` },
    ...rest,
    ...sequence.opaque.map(({ file, line, name }) => ({ file, line, message: `${name}() cannot be followed` })),
  ];
}

/** The confidence that a step is missing: low if a call that was not followed may do it, or if only a name says that this revokes. */
export function confidenceIn({ invalidation, sequence }: Revocation): Confidence {
  if (sequence.opaque.length > 0) return 'low';
  return invalidation.isCertain ? 'high' : 'low';
}
