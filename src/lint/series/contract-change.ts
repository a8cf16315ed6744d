import type { ExporterFacts, ImporterFacts } from '../../contract/index.js';
import type { TreeFacts } from '../facts/tree-facts.js';

/** An importer, an exporter or a name of the API that differs between two trees. */
export interface ContractChange {
  readonly kind: 'dialect' | 'importer' | 'static importer' | 'exporter';
  readonly name: string;
  /** Null for a part of the dialect. */
  readonly file: string | null;
  /** What it was, in words; null where it did not exist. */
  readonly before: string | null;
  /** What it is now, in words; null where it no longer exists. */
  readonly after: string | null;
}

/**
 * Lists the importers, exporters and API names that appear, disappear or change between two trees. What only has another
 * name, or lies in another file, is no change.
 */
export function contractChanges(before: TreeFacts, after: TreeFacts): readonly ContractChange[] {
  const [old, current] = [before.inventory, after.inventory];
  return [
    ...compareDialects(before, after),
    ...withoutRenames(compareLists('importer', old.importers, current.importers, importerWords)),
    ...withoutRenames(compareStatic(old.staticImporters, current.staticImporters)),
    ...withoutRenames(compareLists('exporter', old.exporters, current.exporters, exporterWords)),
  ];
}

/** Leaves out what goes and comes again as it was, in the same file or under the same name, if there is one such pair. */
function withoutRenames(changes: readonly ContractChange[]): readonly ContractChange[] {
  const gone = changes.filter(({ after }) => after === null);
  const come = changes.filter(({ before }) => before === null);
  const isSame = (one: ContractChange, other: ContractChange): boolean =>
    one.before === other.after && (one.file === other.file || one.name === other.name);
  const pairs = gone.flatMap((one) => {
    const found = come.filter((other) => isSame(one, other));
    const rivals = gone.filter((rival) => found.some((other) => isSame(rival, other)));
    return found.length === 1 && rivals.length === 1 ? [one, ...found] : [];
  });
  return changes.filter((change) => !pairs.includes(change));
}

function compareDialects(before: TreeFacts, after: TreeFacts): readonly ContractChange[] {
  const rows = (facts: TreeFacts): ReadonlyMap<string, string> => {
    const { callback, notify, revocableCheck, markers } = facts.inventory.dialect;
    return new Map([
      ['callback', callback === null ? 'none' : `${callback} (${facts.callbackRequired ? 'required' : 'optional'})`],
      ['notify function', notify === null ? 'none' : `${notify}()`],
      ['how an exporter asks', revocableCheck === null ? 'it cannot' : `${revocableCheck}()`],
      ['marker', markers.length > 0 ? markers.join(', ') : 'none'],
    ]);
  };
  const [old, current] = [rows(before), rows(after)];
  return [...current].flatMap(([name, now]): readonly ContractChange[] =>
    old.get(name) === now ? [] : [{ kind: 'dialect', name, file: null, before: old.get(name) ?? null, after: now }],
  );
}

function compareLists<T extends { readonly ops: string; readonly file: string }>(
  kind: ContractChange['kind'],
  before: readonly T[],
  after: readonly T[],
  words: (item: T) => string,
): readonly ContractChange[] {
  const keyOf = ({ ops, file }: T): string => `${file}\0${ops}`;
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const current = new Map(after.map((item) => [keyOf(item), item]));
  return [...new Set([...old.keys(), ...current.keys()])].sort().flatMap((key): readonly ContractChange[] => {
    const [one, other] = [old.get(key), current.get(key)];
    const [was, is] = [one ? words(one) : null, other ? words(other) : null];
    const item = other ?? one;
    return was === is || !item ? [] : [{ kind, name: item.ops, file: item.file, before: was, after: is }];
  });
}

type StaticFacts = TreeFacts['inventory']['staticImporters'];

function compareStatic(before: StaticFacts, after: StaticFacts): readonly ContractChange[] {
  const keyed = (list: StaticFacts): ReadonlyMap<string, StaticFacts[number]> =>
    new Map(list.map((item) => [`${item.file}\0${item.function}`, item]));
  const [old, current] = [keyed(before), keyed(after)];
  return [...new Set([...old.keys(), ...current.keys()])].sort().flatMap((key): readonly ContractChange[] => {
    const [one, other] = [old.get(key), current.get(key)];
    const item = other ?? one;
    if ((one && other) || !item) return [];
    const there = 'static, never revocable';
    const [was, is] = [one ? there : null, other ? there : null];
    return [{ kind: 'static importer', name: `${item.function ?? ''}()`, file: item.file, before: was, after: is }];
  });
}

const statusWords: Readonly<Record<ImporterFacts['status'], string>> = {
  revocable: 'revocable',
  'declared-non-revocable': 'not revocable, and says so',
  'undeclared-non-revocable': 'not revocable, and does not say so',
  unsafe: 'unsafe',
  unknown: 'not known whether revocable',
};

const callbackWords: Readonly<Record<ImporterFacts['callbackKind'], string>> = {
  absent: 'no callback',
  stub: 'its callback does nothing',
  unmaps: 'its callback unmaps',
  'blocks-access': 'its callback blocks access',
  opaque: 'its callback cannot be followed',
};

function importerWords({ status, pins, callback, callbackKind, allowPeer2peer }: ImporterFacts): string {
  // A member that only later kernels know, or a table that is made at run time.
  const isUnknown = callbackKind === 'opaque' && callback === null;
  const what = isUnknown ? 'what its ops have for a callback is not known' : callbackWords[callbackKind];
  const peer = allowPeer2peer ? ['peer-to-peer'] : [];
  return [statusWords[status], `${pins} pins`, what, ...peer].join(', ');
}

function exporterWords(exporter: ExporterFacts): string {
  const { revokes, invalidates, pinPolicy, rejectsNonRevocable, requiresPeer2peer, waitsForUnmap } = exporter;
  const pins = { none: 'no pin', accepts: 'accepts pins', 'refuses-all': 'refuses all pins' };
  return [
    revokes ? 'revokes' : invalidates.length > 0 ? 'moves' : 'never invalidates',
    pinPolicy === 'refuses-non-revocable' ? 'refuses pins of non-revocable importers' : pins[pinPolicy],
    ...(rejectsNonRevocable ? ['refuses non-revocable importers'] : []),
    ...(requiresPeer2peer ? ['requires peer-to-peer'] : []),
    ...(waitsForUnmap ? ['waits for unmap'] : []),
  ].join(', ');
}
