import { type LateInitialisation, stepAt } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'published-before-ready',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  *check(contract) {
    const { codebase, dialect, lateInitialisations } = contract;
    const reported = new Set<string>();
    for (const late of lateInitialisations) {
      const { importer, site, step, use, at } = late;
      const what = wordFor(late);
      const key = `${importer.table.name}:${site.ref.path}:${site.call.at}:${what}`;
      if (reported.has(key)) continue;
      reported.add(key);
      yield {
        path: site.ref.path,
        at: site.call.at,
        subject: site.ref.outline.name,
        confidence: confidences[use.kind],
        message:
          step === 'pin'
            ? `pinned before ${what} is set: ${dialect.callback} '${importer.callback}' may run in the pin, takes it for set and uses it`
            : `attached before ${what} is set up: ${dialect.callback} '${importer.callback}' may run at once and uses it`,
        trace: [
          stepAt(codebase, site.ref.path, at, `${what} is set up here`),
          stepAt(
            codebase,
            use.ref.path,
            use.at,
            `${use.ref.outline.name}() uses it ${step === 'pin' ? 'if another member says so, which is set before' : 'without a test'}`,
          ),
        ],
      };
    }
    yield* reportMisuses(
      contract,
      ({ kind }) => kind === 'early-entry',
      ({ function: name, api, keptIn, takenBy }) =>
        `${name}() puts the object into a map by ${api} before it fills '${keptIn}': ${takenBy}() may find it there and use it half made`,
    );
  },
});

/** An `argument` has low confidence, since the function that gets a member which is not set up may test it. */
const confidences = { object: 'high', pointer: 'medium', argument: 'low' } as const;

function wordFor({ use }: LateInitialisation): string {
  return `'${use.path.length > 0 ? use.path.join('.') : 'importer_priv'}'`;
}
