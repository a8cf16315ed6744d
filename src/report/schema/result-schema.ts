import { negotiationVerdicts } from '../../contract/index.js';
import { severities } from '../../lint/index.js';
import {
  count,
  described,
  flag,
  listOf,
  type Members,
  nullable,
  object,
  oneOf,
  position,
  ref,
  type Schema,
  text,
} from './schema-parts.js';

/** Which result a schema describes. */
const variants = ['scan', 'series', 'matrix', 'staleDocumentation', 'merged'] as const;

/**
 * Makes the JSON schema (draft 2020-12) of what `--format json` writes: of a tree, of a series, of the negotiation table,
 * of `docs --check`, and of `merge`.
 * @param isClosed whether no object may have members that are not described, as our tests want it
 */
export function resultSchema({ isClosed }: { readonly isClosed: boolean }): Schema {
  const close = (members: Members): Schema => object(members, isClosed);
  const parts = { ...commonParts, ...scanParts, ...seriesParts, ...matrixParts, ...batchParts };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:dmabuf-lint:result:1',
    title: 'Result of dmabuf-lint',
    description: 'Lines and columns begin at 1, paths at the top of the tree. More members may come within version 1.',
    anyOf: variants.map(ref),
    $defs: Object.fromEntries(Object.entries(parts).map(([name, members]) => [name, close(members)])),
  };
}

const version: Schema = { const: 1 };
const kernelVersion = described(nullable(text), 'As in 7.3.4; null where the Makefile of the tree does not say it.');
const fingerprint = described(text, 'Identifies the finding; it does not change when lines move.');

const finding: Members = {
  rule: text,
  severity: oneOf(severities),
  confidence: oneOf(['high', 'medium', 'low'], 'low: code that could not be followed may make it wrong'),
  file: text,
  line: position,
  column: position,
  message: text,
  trace: listOf(ref('step'), 'The steps that prove it.'),
  fingerprint,
};

const commonParts: Readonly<Record<string, Members>> = {
  finding,
  step: { file: text, line: position, message: text },
  place: { file: text, line: position, function: nullable(text) },
  notAnalysed: {
    file: text,
    line: described(nullable(position), 'Null where the whole file, or the whole tree, is meant.'),
    function: nullable(text),
    reason: text,
  },
  mappingTypes: {
    entries: described(listOf(ref('mappingEntry')), 'The mapping types of an importer or exporter, the best first.'),
    unknown: described(nullable(text), 'Why there may be other entries; null where these are all.'),
  },
  mappingEntry: {
    type: described(nullable(text), 'Its name in the code; null where the code does not show which.'),
    peer2peer: oneOf(
      ['yes', 'no', 'unknown', 'of-ops'],
      'Whether an importer can do peer-to-peer, or an exporter needs it; of-ops: as the ops of the importer say.',
    ),
    always: described(flag, 'Whether it is in the list on every path.'),
    file: text,
    line: position,
  },
  staleDocumentation: { version, findings: listOf(ref('finding')) },
};

const pinPolicy = oneOf(['none', 'accepts', 'refuses-all', 'refuses-non-revocable']);
const pins = oneOf(['always', 'sometimes', 'never']);

const acceptedTypes = described(
  listOf(ref('mappingTypes')),
  'Where the core has mapping types: what the importer accepts, one list for each that it attaches with.',
);

const inventory: Members = {
  dialect: ref('dialect'),
  importers: listOf(ref('importer')),
  staticImporters: listOf(ref('place')),
  exporters: listOf(ref('exporter')),
};

const scanParts: Readonly<Record<string, Members>> = {
  scan: {
    version,
    tree: ref('tree'),
    ...inventory,
    findings: listOf(ref('finding')),
    'unchanged?': described(count, 'Old findings, where the run compares with a baseline or a revision.'),
    'fixed?': listOf(ref('fixedFinding')),
    notAnalysed: listOf(ref('notAnalysed')),
    'notAnalysedBefore?': described(count, 'Where the run compares with a revision: what that had, too.'),
    stats: ref('stats'),
  },
  tree: { kernelVersion, revision: nullable(text) },
  inventory,
  dialect: {
    callback: described(
      nullable(text),
      "The importer's callback, as the tree names it; null where importers have no ops, as up to Linux 5.6.",
    ),
    notify: nullable(text),
    revocableCheck: nullable(text),
    markers: listOf(text),
  },
  importer: {
    ops: text,
    file: text,
    line: position,
    allowPeer2peer: flag,
    callback: nullable(text),
    callbackKind: oneOf(['absent', 'stub', 'unmaps', 'blocks-access', 'opaque']),
    pins,
    pinSites: listOf(ref('place')),
    attachSites: listOf(ref('place')),
    usedBy: listOf(ref('place')),
    status: oneOf(['revocable', 'declared-non-revocable', 'undeclared-non-revocable', 'unsafe', 'unknown']),
    'mappingTypes?': acceptedTypes,
  },
  exporter: {
    ops: text,
    file: text,
    line: position,
    pin: nullable(text),
    unpin: nullable(text),
    pinPolicy,
    requiresPeer2peer: flag,
    invalidates: listOf(ref('place')),
    revokes: flag,
    rejectsNonRevocable: flag,
    waitsForFences: nullable(flag),
    waitsForUnmap: nullable(flag),
    'mappingTypes?': ref('mappingTypes'),
  },
  fixedFinding: { rule: text, file: text, subject: text, message: text, fingerprint },
  stats: {
    filesSeen: count,
    filesParsed: count,
    functions: count,
    'milliseconds?': described(count, 'Not in what merge writes.'),
  },
};

const seriesParts: Readonly<Record<string, Members>> = {
  series: {
    version,
    base: described(nullable(text), 'The commit that it is applied to; null for a tree without git.'),
    patches: listOf(ref('patch')),
    series: listOf(ref('seriesFinding'), 'What the rules about series find.'),
    'since?': ref('since'),
    'before?': listOf(ref('finding'), 'With --all: what was there before the series.'),
    contract: ref('contract'),
  },
  patch: {
    index: described(position, 'The number that its subject gives, else its position.'),
    subject: text,
    commit: nullable(text),
    introduced: listOf(ref('finding')),
    fixed: listOf(ref('finding')),
    unchanged: count,
    notAnalysed: listOf(ref('notAnalysed')),
  },
  seriesFinding: { ...finding, patch: described(nullable(position), 'Null where the whole series is meant.') },
  since: {
    previous: text,
    next: text,
    still: listOf(ref('placedFinding')),
    resolved: listOf(ref('placedFinding')),
  },
  placedFinding: { patch: described(text, 'As in 3/8.'), ...finding },
  contract: { before: nullable(ref('inventory')), after: nullable(ref('inventory')) },
};

const answer = oneOf(['yes', 'no', 'unknown']);

const matrixParts: Readonly<Record<string, Members>> = {
  matrix: {
    version,
    tree: ref('matrixTree'),
    callback: nullable(text),
    importers: listOf(ref('matrixImporter')),
    exporters: listOf(ref('matrixExporter')),
    cells: listOf(ref('cell')),
    'unknownApi?': listOf(
      ref('unknownApi'),
      'What of the API in the core of the tree is not known: importers and exporters that use it may be missing.',
    ),
    'changes?': ref('changes'),
  },
  matrixTree: { kernelVersion },
  unknownApi: { file: text, line: position, function: nullable(text), message: text },
  matrixImporter: {
    key: text,
    name: text,
    kind: oneOf(['ops', 'static']),
    file: nullable(text),
    line: nullable(position),
    isTest: flag,
    allowPeer2peer: flag,
    pins,
    stopsAccess: answer,
    unmaps: oneOf(['yes', 'no', 'unknown', 'none']),
    behaviour: text,
    'mappingTypes?': acceptedTypes,
  },
  matrixExporter: {
    key: text,
    name: text,
    file: text,
    line: position,
    isTest: flag,
    pinPolicy,
    requiresPeer2peer: flag,
    rejectsNonRevocable: nullable(text),
    takesBack: oneOf(['never', 'moves', 'revokes']),
    waitsForFences: nullable(flag),
    waitsForUnmap: nullable(flag),
    'mappingTypes?': ref('mappingTypes'),
  },
  cell: {
    importer: text,
    exporter: text,
    verdict: oneOf(negotiationVerdicts),
    reason: text,
    trace: listOf(ref('step')),
    'mappingTypes?': described(
      listOf(text),
      'Where the core has mapping types: those that it may pick, the first that is possible first; none where the attach fails.',
    ),
  },
  changes: { cells: listOf(ref('cellChange')), importersAndExporters: listOf(ref('sideChange')) },
  cellChange: {
    kind: oneOf(['better', 'worse']),
    importer: text,
    exporter: text,
    before: oneOf(negotiationVerdicts),
    after: oneOf(negotiationVerdicts),
    reason: text,
  },
  sideChange: { kind: oneOf(['new', 'gone']), side: oneOf(['importer', 'exporter']), key: text },
};

const batchParts: Readonly<Record<string, Members>> = {
  merged: { version, jobs: listOf(ref('mergedJob'), 'In the order of the file of jobs.') },
  mergedJob: {
    job: ref('job'),
    exitCode: described(count, 'That of the command alone.'),
    'result?': described(
      { anyOf: ['scan', 'series', 'matrix'].map(ref) },
      'What the command writes with --format json; missing where it failed.',
    ),
    'error?': described(text, 'Why the command failed.'),
  },
  job: {
    id: text,
    command: oneOf(['scan', 'matrix', 'series']),
    'tree?': text,
    'revision?': text,
    'since?': text,
    'against?': text,
    'series?': listOf(text),
    'base?': text,
    'mergeWith?': text,
    'subject?': text,
    'messageId?': text,
    'baseline?': text,
    'config?': text,
  },
};
