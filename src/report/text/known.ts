import type { FixedFinding, ScanOutcome } from '../../lint/index.js';
import { escapeForTerminal } from './escape.js';

/** One line for each finding of before that is gone. */
export function fixedLines({ known }: Pick<ScanOutcome, 'known'>): readonly string[] {
  return (known?.fixed ?? []).map((fixed) => `${escapeForTerminal(fixedLine(fixed))}\n`);
}

function fixedLine({ file, rule, message }: FixedFinding): string {
  return `fixed: ${file}: ${message} [${rule}]`;
}

/** What the summary says of the findings that are left out, each part after a semicolon; nothing where none can be. */
export function knownSummary({ known }: Pick<ScanOutcome, 'known'>): string {
  if (!known) return '';
  const { against, unchanged, fixed, notLookedAt } = known;
  const old = `${unchanged.length} old ${unchanged.length === 1 ? 'finding' : 'findings'}`;
  return [
    ` new; ${old} left out (${against.map(escapeForTerminal).join(', ')})`,
    ...(fixed.length > 0 ? [`${fixed.length} fixed`] : []),
    ...(notLookedAt > 0 ? [`${notLookedAt} of the baseline not looked at`] : []),
  ].join('; ');
}
