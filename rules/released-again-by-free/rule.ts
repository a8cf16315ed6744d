import type { Misuse } from '../../src/contract/index.js';
import { defineRule } from '../../src/lint/index.js';
import { reportMisuses } from '../shared/path-reports.js';

export default defineRule({
  id: 'released-again-by-free',
  group: 'importer',
  severity: 'error',
  scope: 'driver',
  check: (contract) => reportMisuses(contract, isMeant, wording),
});

const messages: ReadonlyMap<Misuse['kind'], (misuse: Misuse) => string> = new Map([
  ['freed-by-put', ({ api }) => `${api} frees what the last put of the object has already freed`],
  ['freed-again', ({ api }) => `${api} frees what this path has already freed`],
  [
    'released-by-scope',
    ({ api, keptIn, function: name }) =>
      `'${keptIn}' keeps what the scope of '${api}' releases when ${name}() returns: whoever finds it there uses and releases it again`,
  ],
  [
    'released-for-core',
    ({ api, function: name, resource }) =>
      `${name}() fails here after the release of the ${resource} that it was given: on error, ${api}() releases it again`,
  ],
]);

/** What puts a buffer is reported as a buffer that is not kept. */
const isMeant = ({ kind, resource }: Misuse): boolean =>
  messages.has(kind) && !(kind === 'released-by-scope' && resource === 'reference');

const wording = (misuse: Misuse): string => messages.get(misuse.kind)?.(misuse) ?? '';
