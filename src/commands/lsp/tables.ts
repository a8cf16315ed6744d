import type { ExporterFacts, ImporterFacts, Inventory } from '../../contract/index.js';

/** An ops table with the facts of its importer or exporter. */
export type TableFacts =
  | { readonly kind: 'importer'; readonly facts: ImporterFacts }
  | { readonly kind: 'exporter'; readonly facts: ExporterFacts };

/** The ops tables of a file; with null, of the whole tree. */
export function tablesIn({ importers, exporters }: Inventory, file: string | null): readonly TableFacts[] {
  return [
    ...importers.map((facts) => ({ kind: 'importer', facts }) as const),
    ...exporters.map((facts) => ({ kind: 'exporter', facts }) as const),
  ].filter(({ facts }) => file === null || facts.file === file);
}

/** A summary of a table, in one line. */
export function summaryOfTable(table: TableFacts): string {
  if (table.kind === 'importer') {
    const { pins, callbackKind, status } = table.facts;
    return `dma-buf importer: ${status}; pins ${pins}; callback ${callbackKind}`;
  }
  const { revokes, invalidates, pinPolicy, rejectsNonRevocable } = table.facts;
  const moves = revokes ? 'revokes' : invalidates.length > 0 ? 'moves' : 'never invalidates';
  const attach = revokes ? `; non-revocable importers ${rejectsNonRevocable ? 'rejected' : 'accepted'}` : '';
  return `dma-buf exporter: ${moves}${attach}; pin ${pinPolicy}`;
}

/** The facts of a table as Markdown. */
export function describeTable(table: TableFacts, { dialect }: Inventory): string {
  return [
    `**${summaryOfTable(table)}**`,
    '',
    ...factsOf(table, dialect.callback ?? 'callback').map((line) => `- ${line}`),
  ].join('\n');
}

function factsOf(table: TableFacts, callback: string): readonly string[] {
  if (table.kind === 'importer') {
    const { facts } = table;
    return [
      facts.callback === null
        ? `no \`${callback}\``
        : `\`${callback}\` is \`${facts.callback}()\`: ${callbackKinds[facts.callbackKind]}`,
      `pins its attachments: ${facts.pins}${places(facts.pinSites)}`,
      `attaches${places(facts.attachSites)}`,
      ...(facts.usedBy.length > 0 ? [`used by${places(facts.usedBy)}`] : []),
      ...(facts.allowPeer2peer ? ['accepts peer-to-peer memory'] : []),
    ];
  }
  const { facts } = table;
  return [
    facts.revokes ? 'revokes buffers' : facts.invalidates.length > 0 ? 'moves buffers' : 'never notifies importers',
    ...(facts.invalidates.length > 0 ? [`notifies importers${places(facts.invalidates)}`] : []),
    `waits for fences: ${saying(facts.waitsForFences)}; for unmaps: ${saying(facts.waitsForUnmap)}`,
    `importers that cannot be revoked: ${facts.rejectsNonRevocable ? 'rejected' : 'accepted'}`,
    `pin: ${pinPolicies[facts.pinPolicy]}`,
    ...(facts.requiresPeer2peer ? ['requires peer-to-peer'] : []),
  ];
}

const callbackKinds = {
  absent: 'there is none',
  stub: 'it does nothing',
  unmaps: 'it unmaps',
  'blocks-access': 'it stops the access',
  opaque: 'it could not be followed',
} as const;

const pinPolicies = {
  none: 'there is no callback',
  accepts: 'accepted',
  'refuses-all': 'refused',
  'refuses-non-revocable': 'refused to importers that cannot be revoked',
} as const;

function saying(answer: boolean | null): string {
  return answer === null ? 'not known' : answer ? 'yes' : 'no';
}

function places(
  sites: readonly { readonly file: string; readonly line: number; readonly function: string | null }[],
): string {
  if (sites.length === 0) return '';
  const shown = sites
    .slice(0, 5)
    .map((site) => `${site.file}:${site.line}${site.function ? ` \`${site.function}()\`` : ''}`);
  return ` (${shown.join(', ')}${sites.length > shown.length ? `, and ${sites.length - shown.length} more` : ''})`;
}
