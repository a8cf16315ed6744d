import {
  type Contract,
  describeRevocation,
  type Exporter,
  type Invalidation,
  stepAt,
} from '../../src/contract/index.js';
import { defineRule, noFix } from '../../src/lint/index.js';
import { refuseAtAttach } from './fix.js';

export default defineRule({
  id: 'revoke-unchecked',
  group: 'exporter',
  severity: 'error',
  scope: 'tree',
  *check(contract) {
    const { codebase, dialect } = contract;
    const unchecked = contract.exporters.filter(({ rejectsNonRevocable }) => !rejectsNonRevocable).filter(revocationOf);
    for (const exporter of unchecked) {
      const revocation = revocationOf(exporter);
      const evidence = revocation?.revokes;
      if (!revocation || !evidence) continue;
      const { table } = exporter;
      yield {
        path: revocation.place.file,
        at: offsetOf(contract, revocation),
        subject: table.name,
        confidence: revocation.isCertain && dialect.revocableCheck !== null ? 'high' : 'medium',
        message: `exporter '${table.name}' revokes, but accepts importers that are not revocable: they keep using memory that is gone`,
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

function offsetOf({ codebase }: Contract, { place }: Invalidation): number {
  const starts = codebase.program.file(place.file)?.unit.lineStarts ?? [];
  return (starts[place.line - 1] ?? 0) + place.column - 1;
}
