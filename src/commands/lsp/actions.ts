import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node';
import { diagnosticSource } from './diagnostics.js';
import type { Outcome } from './messages.js';
import { suppressEdit } from './suppress.js';

/** Names a fix. The edit is made when the user chooses the fix. */
export interface FixData {
  readonly uri: string;
  readonly fingerprint: string;
}

/** The code actions for the diagnostics of a place: fix them, or suppress them with a reason. */
export function actionsFor(
  uri: string,
  diagnostics: readonly Diagnostic[],
  outcome: Outcome,
  lines: readonly string[],
): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const rule = diagnostic.code;
    if (diagnostic.source !== diagnosticSource || typeof rule !== 'string') return [];
    const fingerprint = fingerprintOf(diagnostic, outcome);
    const fixes = outcome.fixable.includes(fingerprint) ? [fixAction(uri, rule, fingerprint, diagnostic)] : [];
    return [...fixes, suppressAction(uri, rule, diagnostic, lines)];
  });
}

function fingerprintOf({ data }: Diagnostic, { findings }: Outcome): string {
  const known = findings.find(({ fingerprint }) => fingerprint === data?.fingerprint);
  return known?.fingerprint ?? '';
}

/** The edit is made when the user chooses the action, since it is tried on the tree first. */
function fixAction(uri: string, rule: string, fingerprint: string, diagnostic: Diagnostic): CodeAction {
  const data: FixData = { uri, fingerprint };
  return { title: `fix ${rule}`, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: true, data };
}

function suppressAction(uri: string, rule: string, diagnostic: Diagnostic, lines: readonly string[]): CodeAction {
  return {
    title: `suppress ${rule} here, with a reason`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: { changes: { [uri]: [suppressEdit(rule, diagnostic.range.start.line, lines)] } },
  };
}
