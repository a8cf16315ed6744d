import { defineRule, type Report } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'export-fd-leak',
  group: 'exporter',
  severity: 'error',
  scope: 'driver',
  *check(contract): Iterable<Report> {
    for (const { kind, refused, ...leak } of contract.lifetimes().leaks)
      if (kind === 'reference' && refused !== null)
        yield {
          path: refused.path,
          at: refused.at,
          subject: leak.function,
          confidence: leak.certainty,
          message: `the dma-buf is not put if ${refused.api}() fails: it is never freed`,
          trace: leak.trace,
        };
    yield* reportMisuses(
      contract,
      ({ kind }) => kind === 'double-free',
      (misuse) => `${misuse.api} frees what the release callback of the dma-buf has already freed`,
    );
    yield* reportMisuses(
      contract,
      ({ kind }) => kind === 'put-again',
      (misuse) =>
        `${misuse.api} puts a reference that the release callback of the dma-buf has already put: the object may be freed while others use it`,
    );
  },
});
