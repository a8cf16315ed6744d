import type { Contract, Leak, Misuse, PathDefect } from '../../src/contract/index.js';
import type { Report } from '../../src/lint/index.js';

function report(fact: PathDefect, message: string): Report {
  return {
    path: fact.path,
    at: fact.at,
    subject: fact.function,
    confidence: fact.certainty,
    message,
    trace: fact.trace,
  };
}

/** Reports of what is left held, worded by the rule. */
export function* reportLeaks(
  contract: Contract,
  isMeant: (leak: Leak) => boolean,
  word: (leak: Leak) => string,
): Iterable<Report> {
  for (const leak of contract.lifetimes().leaks) if (isMeant(leak)) yield report(leak, word(leak));
}

/** Reports of what is misused, worded by the rule. */
export function* reportMisuses(
  contract: Contract,
  isMeant: (misuse: Misuse) => boolean,
  word: (misuse: Misuse) => string,
): Iterable<Report> {
  const seen = new Set<string>();
  for (const misuse of contract.lifetimes().misuses) {
    const place = `${misuse.path}:${misuse.at}`;
    if (!isMeant(misuse) || seen.has(place)) continue;
    seen.add(place);
    yield report(misuse, word(misuse));
  }
}

/** How a function leaves, for a message. */
export function howLeft(leak: Leak): string {
  return leak.outcome === 'error' ? 'in error' : 'on one of its ways out';
}
