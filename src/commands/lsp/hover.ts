import type { Hover, Position } from 'vscode-languageserver/node';
import type { Finding } from '../../lint/index.js';
import { readRulePage } from '../../lint/rule-page.js';
import { rangeOf } from './diagnostics.js';
import type { Outcome } from './messages.js';
import { describeTable, tablesIn } from './tables.js';

/** What a hover shows: the findings under the cursor with their rules' pages, and ops tables. */
export function hoverAt(outcome: Outcome, file: string, position: Position, lines: readonly string[]): Hover | null {
  const texts = [...aboutFindings(outcome, file, position, lines), ...aboutTables(outcome, file, position, lines)];
  return texts.length === 0 ? null : { contents: { kind: 'markdown', value: texts.join('\n\n---\n\n') } };
}

function aboutFindings(outcome: Outcome, file: string, at: Position, lines: readonly string[]): readonly string[] {
  const here = outcome.findings.filter((finding) => finding.file === file && isAt(finding, at, lines));
  return [...new Set(here.map(({ rule }) => rule))].map((rule) => ruleText(rule));
}

function isAt(finding: Finding, { line, character }: Position, lines: readonly string[]): boolean {
  const { start, end } = rangeOf(finding, lines);
  return start.line === line && start.character <= character && character <= end.character;
}

/** The parts of a rule's page before its examples, and how to fix. */
function ruleText(rule: string): string {
  const { markdown } = readRulePage(rule);
  const section = (title: string): string =>
    new RegExp(`^## ${title}\\n[\\s\\S]*?(?=^## |(?![\\s\\S]))`, 'm').exec(markdown)?.[0].trim() ?? '';
  const head = markdown.slice(0, markdown.indexOf('\n## ')).replace(/^# (.*)$/m, '**$1**');
  const parts = [head.trim(), section('What it checks'), section('Why it matters'), section('How to fix')];
  return parts
    .join('\n\n')
    .replace(/^(```\w+) .*$/gm, '$1')
    .replace(/^## /gm, '### ');
}

/** The ops table whose name is under the cursor, whether defined or used there. */
function aboutTables(
  { inventory }: Outcome,
  file: string,
  { line, character }: Position,
  lines: readonly string[],
): readonly string[] {
  const text = lines[line] ?? '';
  const start = /\w*$/.exec(text.slice(0, character))?.[0].length ?? 0;
  const word = /^\w*/.exec(text.slice(character - start))?.[0] ?? '';
  const own = tablesIn(inventory, file).filter(({ facts }) => facts.ops === word);
  // Most tables are static: of several with one name, the code means the one in this file.
  const found = own.length > 0 ? own : tablesIn(inventory, null).filter(({ facts }) => facts.ops === word);
  return found.map((table) => describeTable(table, inventory));
}
