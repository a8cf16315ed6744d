import type { TextEdit } from 'vscode-languageserver/node';
import { suppressionWord } from '../../lint/suppression/suppression-comments.js';

/** A placeholder for the user to replace: a comment without a reason suppresses nothing. */
export const placeholderReason = 'TODO: say why this is right';

/** The edit that suppresses a rule on a line, 0-based: a comment above it, which also works within a macro. */
export function suppressEdit(rule: string, line: number, lines: readonly string[]): TextEdit {
  const indent = /^[ \t]*/.exec(lines[line] ?? '')?.[0] ?? '';
  const before = lines[line - 1] ?? '';
  const ending = `${/\\\r?$/.test(before) ? ' \\' : ''}${before.endsWith('\r') ? '\r\n' : '\n'}`;
  const at = { line, character: 0 };
  return {
    range: { start: at, end: at },
    newText: `${indent}/* ${suppressionWord} ignore ${rule} -- ${placeholderReason} */${ending}`,
  };
}
