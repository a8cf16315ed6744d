import { type Contract, type Invalidation, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';

export default defineRule({
  id: 'revoke-unchecked',
  group: 'exporter',
  severity: 'error',
  *check(contract) {
    const { world, dialect } = contract;
    for (const exporter of contract.exporters) {
      const revocation = exporter.invalidations.find((invalidation) => invalidation.revokes !== null);
      if (!revocation || exporter.rejectsNonRevocable) continue;
      const { table } = exporter;
      yield {
        path: revocation.place.file,
        at: offsetOf(contract, revocation),
        subject: table.name,
        confidence: revocation.isCertain && dialect.revocableCheck !== null ? 'high' : 'medium',
        message: `exporter '${table.name}' revokes, and lets importers in that are not revocable: they go on using memory that is gone`,
        trace: [
          stepAt(
            world,
            table.path,
            table.at,
            `the ops are '${table.name}', whose attach and pin refuse nobody for that`,
          ),
          { file: revocation.place.file, line: revocation.place.line, message: `revokes here: ${revocation.revokes}` },
        ],
      };
    }
  },
});

function offsetOf({ world }: Contract, { place }: Invalidation): number {
  const starts = world.program.file(place.file)?.unit.lineStarts ?? [];
  return (starts[place.line - 1] ?? 0) + place.column - 1;
}
