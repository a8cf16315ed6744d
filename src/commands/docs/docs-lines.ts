import type { Conflict, Stale } from '../../docs/changes.js';
import { fill, hang } from '../../docs/compile/fill.js';
import { escapeForTerminal } from '../../report/text/escape.js';

/** One line, as compilers print them. */
export function formatStale({ path, line, kind, message, isMended }: Stale): string {
  const byHand = isMended ? '' : ': correct it by hand';
  return `${escapeForTerminal(`${path}:${line}:1: warning: ${message}${byHand} [${kind}]`)}\n`;
}

/** A conflict: a line for machines, and both texts for people. */
export function formatConflict({ path, line, subject, theirs, ours }: Conflict): string {
  const place = `${path}:${line}:1: error: the text on ${subject} contradicts the contract and is left unchanged: resolve it by hand [documentation-conflict]`;
  const block = (text: string): string => hang('    ', fill(escapeForTerminal(text), 76));
  return [escapeForTerminal(place), '  the text says:', block(theirs), '  the contract says:', block(ours), ''].join(
    '\n',
  );
}
