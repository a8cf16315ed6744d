import type { Finding } from '../../lint/index.js';
import { fixesOf5_10_13 } from './fixes-5-10-13.js';
import { fixesOf6_12_8 } from './fixes-6-12-8.js';
import { fixesOf7_1_3 } from './fixes-7-1-3.js';
import type { RealFix } from './real-fix.js';

/**
 * Real bugs by the release that has them. They were read from the differences to a later release of the same series, all
 * those in which a rule of ours could tell what was wrong; whether one does was no reason to take a bug or to leave it out.
 */
export const realFixes: ReadonlyMap<string, readonly RealFix[]> = new Map([
  ['5.10.13', fixesOf5_10_13],
  ['6.12.8', fixesOf6_12_8],
  ['7.1.3', fixesOf7_1_3],
]);

/** How far from its line a finding may be, in lines: an acquire and the `goto` that forgets it are in one function. */
const farthest = 40;

/** The findings that tell a bug: those of its rules, in its function or near it. */
export function findingsOf({ file, line, rules }: RealFix, findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    (finding) => finding.file === file && Math.abs(finding.line - line) <= farthest && rules.includes(finding.rule),
  );
}
