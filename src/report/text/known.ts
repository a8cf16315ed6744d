import type { FixedFinding, ScanOutcome } from '../../lint/index.js';
import { countOf } from './count.js';
import { escapeForTerminal } from './escape.js';

/** One line for each finding that the baseline or the earlier revision has and this tree does not. */
export function fixedLines({ known }: Pick<ScanOutcome, 'known'>): readonly string[] {
  return (known?.fixed ?? []).map((fixed) => `${escapeForTerminal(fixedLine(fixed))}\n`);
}

function fixedLine({ file, rule, message }: FixedFinding): string {
  return `fixed: ${file}: ${message} [${rule}]`;
}

/**
 * The part of the summary about old findings that the report leaves out, its items separated by semicolons.
 * @returns an empty text if the run compares with nothing
 */
export function knownSummary({ known }: Pick<ScanOutcome, 'known'>): string {
  if (!known) return '';
  const { against, unchanged, fixed, notLookedAt } = known;
  return [
    ` new; ${countOf(unchanged.length, 'old finding')} left out (${against.map(escapeForTerminal).join(', ')})`,
    ...(fixed.length > 0 ? [`${fixed.length} fixed`] : []),
    ...(notLookedAt > 0 ? [`${notLookedAt} of the baseline not checked`] : []),
  ].join('; ');
}
