import type { ReportFormat } from '../../commands/formats/formats.js';

/** Counts the new findings in a text of each format, as a reader of that format would. */
export const countFindings: Readonly<Record<ReportFormat, (text: string) => number>> = {
  gcc: (text) => matches(text, /^[^:\n]+:\d+:\d+: (?:error|warning|note): .* \[[\w-]+\]$/gm),
  checkpatch: (text) => matches(text, /^.+$/gm),
  sarif: (text) =>
    JSON.parse(text).runs[0].results.filter((one: { baselineState?: string }) => one.baselineState === 'new').length,
  junit: (text) => matches(text, /<failure /g),
  kcidb: (text) =>
    JSON.parse(text).tests.reduce(
      (sum: number, { misc }: { misc?: { findings: readonly unknown[] } }) => sum + (misc?.findings.length ?? 0),
      0,
    ),
  gitlab: (text) => JSON.parse(text).filter((one: { check_name: string }) => one.check_name !== 'not-analysed').length,
  github: (text) => matches(text, /^::(?:error|warning) /gm),
  b4: (text) => matches(text, /^.+$/gm),
  'b4-review': (text) =>
    JSON.parse(JSON.parse(text)[0].details || '[]').filter((one: { state: string }) => one.state !== 'not analysed')
      .length,
  nipa: (text) => matches(text, /^[^:\n]+:\d+:\d+: (?:error|warning|note): .* \[[\w-]+\]$/gm),
  mail: (text) => matches(text, /^(?:error|warning|note): /gm),
};

function matches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
