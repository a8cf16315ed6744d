import type { CodeAction, CodeLens, Connection, TextDocuments, TextEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { actionsFor, type FixData } from './actions.js';
import { hoverAt } from './hover.js';
import type { FixAnswer, Outcome } from './messages.js';
import { type KernelFile, uriOf } from './modules/kernel-file.js';
import type { Session } from './session.js';
import { summaryOfTable, tablesIn } from './tables.js';

/** An editor that is served: the connection to it, its open documents, and the trees that they belong to. */
export interface Editor {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly session: Session;
}

/** Answers what an editor asks about a place in a document: hovers, code lenses, code actions. */
export function answerRequests(editor: Editor): void {
  const { connection, session } = editor;
  connection.onHover(({ textDocument, position }) => {
    const here = known(editor, textDocument.uri);
    return here ? hoverAt(here.outcome, here.file.path, position, here.lines) : null;
  });
  connection.onCodeLens(async ({ textDocument }) => {
    const root = session.fileOf(textDocument.uri)?.root;
    if (root !== undefined) await session.firstOutcomeOf(root);
    const here = known(editor, textDocument.uri);
    return here ? lensesOf(here) : [];
  });
  connection.onCodeAction(({ textDocument, context }) => {
    const here = known(editor, textDocument.uri);
    return here ? actionsFor(textDocument.uri, context.diagnostics, here.outcome, here.lines) : [];
  });
  connection.onCodeActionResolve(async (action) => {
    const data: FixData | undefined = action.data;
    const file = data ? session.fileOf(data.uri) : null;
    return data && file ? withEdit(editor, action, await session.fix(file.root, data.fingerprint), file.root) : action;
  });
}

/** An open document of a kernel tree, with the latest outcome for that tree. */
interface KnownDocument {
  readonly file: KernelFile;
  readonly outcome: Outcome;
  readonly lines: readonly string[];
}

function known({ documents, session }: Editor, uri: string): KnownDocument | null {
  const document = documents.get(uri);
  const file = session.fileOf(uri);
  const outcome = file ? session.outcomeOf(file.root) : undefined;
  return document && file && outcome ? { file, outcome, lines: linesOf(document) } : null;
}

/** A code lens above each ops table of a document. */
function lensesOf({ file, outcome }: KnownDocument): CodeLens[] {
  return tablesIn(outcome.inventory, file.path).map((table) => {
    const place = { line: table.facts.line - 1, character: 0 };
    return { range: { start: place, end: place }, command: { title: summaryOfTable(table), command: '' } };
  });
}

/** The action with the edit that fixes the finding: it replaces the whole text of each file. */
function withEdit({ documents }: Editor, action: CodeAction, answer: FixAnswer, root: string): CodeAction {
  if (answer.kind === 'none') return { ...action, disabled: { reason: answer.because } };
  const changes = answer.files.map(([path, text]) => {
    const uri = uriOf({ root, path });
    const end = documents.get(uri)?.lineCount ?? text.split('\n').length + 1;
    const range = { start: { line: 0, character: 0 }, end: { line: end, character: 0 } };
    const edits: TextEdit[] = [{ range, newText: text }];
    return [uri, edits] as const;
  });
  return { ...action, title: answer.title, edit: { changes: Object.fromEntries(changes) } };
}

/** The lines of a document. */
export function linesOf(document: TextDocument): readonly string[] {
  return document.getText().split('\n');
}
