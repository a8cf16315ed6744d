import type { Finding } from '../finding.js';
import type { Result } from '../result.js';
import { timelessFingerprint } from './compare.js';
import { goneFinding } from './known-findings.js';

/**
 * Keeps known findings known after a change that introduces none, such as a fix. The change may have rewritten the line
 * of a known finding, so findings are matched by fingerprint first, then less and less exactly.
 * @param after the result for the changed tree
 */
export function knownAgain({ known }: Result, after: Result): Result {
  if (!known || after.known) return after;
  const left = new Set(after.findings);
  const matches: readonly ((old: Finding, now: Finding) => boolean)[] = [
    (old, now) => old.fingerprint === now.fingerprint,
    (old, now) => timelessFingerprint(old, old.file) === timelessFingerprint(now, now.file),
    (old, now) => old.rule === now.rule && old.file === now.file && old.mark.subject === now.mark.subject,
  ];
  let open = known.unchanged;
  const unchanged: (typeof open)[number][] = [];
  for (const isSame of matches)
    open = open.filter(({ finding, reason }) => {
      const now = [...left].find((each) => isSame(finding, each));
      if (!now) return true;
      left.delete(now);
      unchanged.push({ finding: now, reason });
      return false;
    });
  const place = new Map(after.findings.map((finding, index) => [finding, index]));
  unchanged.sort((one, other) => (place.get(one.finding) ?? 0) - (place.get(other.finding) ?? 0));
  const gone = open.map(({ finding }) => goneFinding(finding, finding.fingerprint));
  return { ...after, findings: [...left], known: { ...known, unchanged, fixed: [...known.fixed, ...gone] } };
}
