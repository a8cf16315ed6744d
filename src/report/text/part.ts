import { escapeForTerminal } from './escape.js';

/** The most folders that a summary names. */
const mostFolders = 3;

/**
 * Says in a summary that a part of the tree was analysed.
 * @param part the folders of the part; null for the whole tree, of which nothing is said
 */
export function partText(part: readonly string[] | null): readonly string[] {
  if (part === null) return [];
  const named = part.slice(0, mostFolders).map(escapeForTerminal).join(', ');
  const others = part.length > mostFolders ? ` and ${part.length - mostFolders} more` : '';
  const where = part.length > 0 ? `around ${named}${others}` : 'the core only';
  return [`analysed ${where} (--whole analyses the whole tree)`];
}
