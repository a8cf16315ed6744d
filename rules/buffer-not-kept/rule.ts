import { stepAt, type UnkeptBuffer } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

/** Where the reference is lost, and what the message says of it. */
function wording(unkept: UnkeptBuffer): { readonly at: number; readonly says: string } {
  if (unkept.kind === 'put') return { at: unkept.at, says: 'puts its only reference to the buffer' };
  return { at: unkept.site.call.at, says: `takes no reference to the buffer, which ${unkept.lender}() puts after it,` };
}

export default defineRule({
  id: 'buffer-not-kept',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  *check(contract) {
    const { codebase, unkeptBuffers, outlivedReservations } = contract;
    const told = new Set<string>();
    for (const unkept of unkeptBuffers()) {
      const { site } = unkept;
      told.add(`${site.ref.path}:${site.ref.outline.name}`);
      const { at, says } = wording(unkept);
      const attached = stepAt(codebase, site.ref.path, site.call.at, 'attached here; an attachment holds no reference');
      yield {
        path: site.ref.path,
        at,
        subject: site.ref.outline.name,
        confidence: 'medium',
        message: `${site.ref.outline.name}() ${says} and keeps the attachment: the buffer may be freed before the detach`,
        trace:
          unkept.kind === 'put'
            ? [stepAt(codebase, site.ref.path, unkept.gotAt, 'the reference is taken here'), attached]
            : [attached],
      };
    }
    yield* reportMisuses(
      contract,
      ({ kind }) => kind === 'put-under-attachment',
      (misuse) =>
        `${misuse.function}() puts its only reference to the buffer, and a helper has attached to it and keeps the attachment: the buffer may be freed before the detach`,
    );
    yield* reportMisuses(
      contract,
      ({ kind, resource, path, function: name }) =>
        kind === 'released-by-scope' && resource === 'reference' && !told.has(`${path}:${name}`),
      ({ api, keptIn, function: name }) =>
        `'${keptIn}' keeps the buffer that the scope of '${api}' puts when ${name}() returns: it may be freed while it is used`,
    );
    for (const { ref, at, put, end, endPath, endAt } of outlivedReservations())
      yield {
        path: ref.path,
        at,
        subject: ref.outline.name,
        confidence: 'medium',
        message: `${put}() puts the imported buffer, whose reservation object the buffer object has, and ${end}() uses that after it: it may be freed by then`,
        trace: [stepAt(codebase, endPath, endAt, `${end}() locks the reservation, or waits for its fences, here`)],
      };
  },
});
