import type { ScanOutcome } from '../../../lint/index.js';

/**
 * An outcome whose files have other names. Fingerprints stay as they are: they are made of the former names.
 * @param rename the new name of a file
 */
export function moved(outcome: ScanOutcome, rename: (file: string) => string): ScanOutcome {
  const { facts, findings, known, textOf } = outcome;
  const names = new Map<string, string>();
  const renamed = (file: string): string => {
    const name = rename(file);
    names.set(name, file);
    return name;
  };
  const change = <Value>(value: Value): Value => withFiles(value, renamed) as Value;
  return {
    ...outcome,
    facts: change(facts),
    findings: change(findings),
    ...(known ? { known: change(known) } : {}),
    textOf: (file) => textOf(names.get(file) ?? file),
  };
}

/** Plain data in which every `file` has another name. */
export function withFiles(value: unknown, rename: (file: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => withFiles(one, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'file' && typeof one === 'string' ? rename(one) : withFiles(one, rename),
    ]),
  );
}
