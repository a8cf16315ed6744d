import {
  type Contract,
  describeRevocation,
  type Exporter,
  type Invalidation,
  type RevokeWay,
  stepAt,
} from '../../src/contract/index.js';
import { defineRule, noFix, type Report } from '../../src/lint/index.js';
import { refuseAtAttach } from './fix.js';

export default defineRule({
  id: 'revoke-unchecked',
  group: 'exporter',
  severity: 'error',
  scope: 'tree',
  hasFixes: true,
  *check(contract) {
    const { codebase, dialect } = contract;
    const unchecked = contract.exporters
      // Where no attach or no mapping succeeds, no importer keeps any memory.
      .filter(({ rejectsNonRevocable, alwaysFails }) => !rejectsNonRevocable && alwaysFails === null)
      .filter(revocationOf);
    for (const exporter of unchecked) {
      const revocation = revocationOf(exporter);
      const evidence = revocation?.revokes;
      if (!revocation || !evidence) continue;
      const { table } = exporter;
      const ways = waysOf(exporter);
      yield {
        path: revocation.place.file,
        at: offsetOf(contract, revocation),
        subject: table.name,
        confidence: revocation.isCertain && dialect.revocableCheck !== null ? 'high' : 'medium',
        ...weigh(table.name, ways),
        trace: [
          stepAt(
            codebase,
            table.path,
            table.at,
            `the ops are '${table.name}': neither attach nor pin refuses such importers`,
          ),
          {
            file: revocation.place.file,
            line: revocation.place.line,
            message: `revokes here: ${describeRevocation(evidence)}`,
          },
          ...ways.slice(0, 1).map(({ step }) => step),
        ],
        fix: () =>
          revocation.isCertain
            ? refuseAtAttach(contract, exporter, unchecked)
            : noFix('only a function name says that the exporter revokes'),
      };
    }
  },
});

function revocationOf({ invalidations }: Exporter): Invalidation | undefined {
  return invalidations.find((invalidation) => invalidation.revokes !== null);
}

/** The ways to the revocations of an exporter, those of normal operation first. */
function waysOf({ invalidations }: Exporter): readonly RevokeWay[] {
  const weights = { normal: 0, unknown: 1, failure: 2 } as const;
  return invalidations.flatMap(({ ways }) => ways).sort((one, other) => weights[one.kind] - weights[other.kind]);
}

/** An exporter that revokes only where its hardware fails or goes away need not ask: RDMA could then not use it. */
function weigh(ops: string, ways: readonly RevokeWay[]): Pick<Report, 'severity' | 'message'> {
  return ways.length > 0 && ways.every(({ kind }) => kind === 'failure')
    ? {
        severity: 'note',
        message: `exporter '${ops}' revokes only where its device fails or goes away, and accepts importers that are not revocable: they keep using memory that is gone`,
      }
    : {
        message: `exporter '${ops}' revokes, but accepts importers that are not revocable: they keep using memory that is gone`,
      };
}

function offsetOf({ codebase }: Contract, { place }: Invalidation): number {
  const starts = codebase.program.file(place.file)?.unit.lineStarts ?? [];
  return (starts[place.line - 1] ?? 0) + place.column - 1;
}
