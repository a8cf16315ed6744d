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

/** A revocation of an exporter, on one way up to who begins it. */
export interface Revocation {
  readonly exporter: Exporter;
  readonly invalidation: Invalidation;
  readonly sequence: RevokeSequence;
}

/** Every revocation of a tree that can take a mapping away: an exporter whose map always fails has none out. */
export function* revocations({ exporters }: Contract): Iterable<Revocation> {
  for (const exporter of exporters) {
    if (exporter.mapAfterRevoke?.verdict === 'always-fails') continue;
    for (const invalidation of exporter.invalidations)
      for (const sequence of invalidation.sequences) yield { exporter, invalidation, sequence };
  }
}

/** The first revocation of each notify call that something is wrong with. */
export function* firstOfEach(contract: Contract, isWrong: (revocation: Revocation) => boolean): Iterable<Revocation> {
  const seen = new Set<Invalidation>();
  for (const revocation of revocations(contract)) {
    if (seen.has(revocation.invalidation) || !isWrong(revocation)) continue;
    seen.add(revocation.invalidation);
    yield revocation;
  }
}

/** The ops, the notify call, the way up to who begins it, and what the rule adds. */
export function revocationTrace(
  { codebase }: Contract,
  { exporter: { table }, invalidation, sequence }: Revocation,
  rest: readonly TraceStep[] = [],
): readonly TraceStep[] {
  const { place, revokes } = invalidation;
  const above = sequence.functions.slice(1);
  const evidence = revokes ? describeRevocation(revokes) : null;
  const way = above.length === 0 ? '' : `, called by ${above.map((name) => `${name}()`).join(', by ')}`;
  return [
    stepAt(codebase, table.path, table.at, `the ops are '${table.name}'`),
    { file: place.file, line: place.line, message: `${place.function}() revokes here${way}: it ${evidence}` },
    ...rest,
    ...sequence.opaque.map(({ file, line, name }) => ({ file, line, message: `${name}() cannot be followed` })),
  ];
}

/** How sure it is that something is missing: less where the revocation is only named so, least where a call may do it unseen. */
export function confidenceIn({ invalidation, sequence }: Revocation): Confidence {
  if (sequence.opaque.length > 0) return 'low';
  return invalidation.isCertain ? 'high' : 'low';
}
