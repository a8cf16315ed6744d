import { compareNegotiations, type NegotiationChanges } from '../../contract/index.js';
import { dmaBufHeader } from '../../kernel/index.js';
import { type ContractChange, contractChanges, type JudgedSeries, unjudgedFiles } from '../../lint/index.js';

/** What a series does to the contract and to who may attach to whom, as far as that can be told. */
export interface JudgedChanges {
  readonly contract: readonly ContractChange[];
  readonly negotiation: NegotiationChanges;
  /** What only seems to change, since its file does not build or was not analysed: its name in words, and why. */
  readonly notJudged: readonly NotJudged[];
}

interface NotJudged {
  readonly what: string;
  readonly why: string;
}

/** Compares the tree before a series with that after it. What lies in a file that cannot be judged does not count. */
export function judgedChanges(judged: JudgedSeries): JudgedChanges {
  const { start, end } = judged;
  if (!start || !end) return { contract: [], negotiation: { cells: [], sides: [] }, notJudged: [] };
  const reasons = unjudgedFiles(judged);
  const notJudged = new Map<string, NotJudged>();
  const contract = contractChanges(start, end).filter(({ kind, name, file }) => {
    const why = reasons.get(file ?? dmaBufHeader);
    const what = kind === 'dialect' ? name : `${kind} ${name}`;
    if (why !== undefined) notJudged.set(what, { what, why });
    return why === undefined;
  });
  const isJudged = (...keys: readonly string[]): boolean => {
    const sides = keys.map((key) => key.split(':', 1)[0] ?? '');
    return !sides.some((file) => reasons.has(file));
  };
  const hasLostStatic = [...reasons.keys()].some((file) =>
    start.inventory.staticImporters.some((importer) => importer.file === file),
  );
  const { cells, sides } = compareNegotiations(start.negotiation, end.negotiation);
  return {
    contract,
    negotiation: {
      cells: cells.filter(({ after }) => isJudged(after.importer, after.exporter)),
      // One side stands for all static importers, whatever their files.
      sides: sides.filter(
        ({ kind, key }) => isJudged(key) && !(kind === 'gone' && /^static(?::|$)/.test(key) && hasLostStatic),
      ),
    },
    notJudged: [...notJudged.values()],
  };
}
