import { countParseErrors } from '../../c/index.js';
import type { Finding } from '../finding.js';
import type { Result } from '../result.js';
import type { MadeFix } from './fix.js';

/**
 * Checks the result of a tree with fixes against the result before.
 *
 * A fix moves and changes lines, so findings cannot be compared one by one. They are counted by rule, file and subject:
 * each count must have dropped by the number of fixes, and none may have grown.
 * @param files the files that the fixes change
 * @returns the reason why the fixes are no good, or null
 */
export function whatIsWrong(
  before: Result,
  after: Result,
  fixed: readonly MadeFix[],
  files: readonly string[],
): string | null {
  const [old, now] = [countFindings(before), countFindings(after)];
  const gone = countOf(fixed.map(({ finding }) => kindOf(finding)));
  for (const finding of allFindings(after)) {
    const key = kindOf(finding);
    const allowed = (old.get(key) ?? 0) - (gone.get(key) ?? 0);
    if ((now.get(key) ?? 0) <= allowed) continue;
    return gone.has(key)
      ? 'the fix does not remove the finding'
      : `the fix causes ${finding.rule} at line ${finding.line} of ${finding.file}`;
  }
  for (const path of files) {
    const [errors, known] = [parseErrors(after, path), parseErrors(before, path)];
    const lost = [...definitionsIn(before, path)].find((name) => isLost(after, path, name));
    if (errors > known || lost !== undefined) return `${lost ?? path} cannot be parsed with the fix`;
  }
  const unread = countOf(before.contract.notAnalysed.map(gapKey));
  const fresh = after.contract.notAnalysed.find((gap) => files.includes(gap.file) && !unread.has(gapKey(gap)));
  return fresh ? `${fresh.function ?? fresh.file} cannot be analysed with the fix: ${fresh.reason}` : null;
}

/** All findings, with the suppressed ones and those in a baseline. */
function allFindings({ findings, suppressed, known }: Result): readonly Finding[] {
  return [...findings, ...[...suppressed, ...(known?.unchanged ?? [])].map(({ finding }) => finding)];
}

function countFindings(result: Result): ReadonlyMap<string, number> {
  return countOf(allFindings(result).map(kindOf));
}

function kindOf({ rule, file, mark }: Finding): string {
  return [rule, file, mark.subject].join('\0');
}

function gapKey({ file, function: name, reason }: { file: string; function: string | null; reason: string }): string {
  return [file, name, reason].join('\0');
}

function countOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function parseErrors({ contract }: Result, path: string): number {
  const { program } = contract.codebase;
  const file = isCode(path) ? program.file(path) : undefined;
  if (!file) return 0;
  return file.unit.functions
    .map((outline) => countParseErrors(file, outline, program.attributes))
    .reduce((sum, errors) => sum + errors, 0);
}

/** The names of a file's functions and of its importer and exporter ops tables. */
function definitionsIn({ contract }: Result, path: string): ReadonlySet<string> {
  const { importers, exporters, codebase } = contract;
  const tables = [...importers, ...exporters].flatMap(({ table }) => (table.path === path ? [table.name] : []));
  const file = isCode(path) ? codebase.program.file(path) : undefined;
  const names = [...tables, ...(file?.unit.functions ?? []).map(({ name }) => name)];
  return new Set(names.filter((name) => /^\w+$/.test(name)));
}

/** Whether the file still contains a name that it no longer defines: the definition could not be parsed. */
function isLost(after: Result, path: string, name: string): boolean {
  if (definitionsIn(after, path).has(name)) return false;
  return new RegExp(`\\b${name}\\b`).test(after.contract.codebase.program.file(path)?.code ?? '');
}

function isCode(path: string): boolean {
  return /\.[ch]$/.test(path);
}
