import type { Misuse } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'released-again-by-free',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) => reportMisuses(contract, ({ kind }) => messages.has(kind), wording),
});

const messages: ReadonlyMap<Misuse['kind'], (misuse: Misuse) => string> = new Map([
  ['freed-by-put', ({ api }) => `${api} frees what the last put of the object has already freed`],
  ['freed-again', ({ api }) => `${api} frees what this path has already freed`],
  [
    'released-for-core',
    ({ api, function: name, resource }) =>
      `${name}() fails here after the release of the ${resource} that it was given: on error, ${api}() releases it again`,
  ],
]);

const wording = (misuse: Misuse): string => messages.get(misuse.kind)?.(misuse) ?? '';
