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

/** Reports the leaks of a tree that `isMeant` selects. @param word makes the message */
export function* reportLeaks(
  contract: Contract,
  isMeant: (leak: Leak) => boolean,
  word: (leak: Leak) => string,
): Iterable<Report> {
  for (const leak of contract.lifetimes().leaks) if (isMeant(leak)) yield report(leak, word(leak));
}

/** Reports the misuses of a tree that `isMeant` selects, one for each place. @param word makes the message */
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

/** How a function leaves with the resource, for a message: "f() fails". */
export function howLeft(leak: Leak): string {
  return leak.outcome === 'error' ? 'fails' : 'returns on one of its paths';
}
