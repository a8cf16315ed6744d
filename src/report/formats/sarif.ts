import type { Location, Log, Notification, ReportingDescriptor, Run, Result as SarifResult } from 'sarif';
import type { NotAnalysed, TraceStep } from '../../contract/index.js';
import type { Finding, FixedFinding } from '../../lint/index.js';
import { gapMessage, gapsOf, labelledFindings, type RunReport, type TextOf } from '../run-report.js';
import { formatJsonText } from './json-text.js';

/** The tool as SARIF describes it. */
interface SarifTool {
  readonly version: string;
  /** All rules, whether or not they found anything. */
  readonly rules: readonly ReportingDescriptor[];
}

/** Paths are relative to this base: the top of the tree, whose own path is not published. */
const sourceRoot = 'SRCROOT';

/** Formats a report as SARIF 2.1.0 (OASIS Standard), as JSON text. */
export function formatSarif(report: RunReport, tool: SarifTool): string {
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [sarifRun(report, tool)],
  } satisfies Log;
  return formatJsonText(log);
}

function sarifRun(report: RunReport, { version, rules }: SarifTool): Run {
  const { repository, revision, subject } = report;
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const results = resultsOf(report).map((result) => {
    const index = indexOf.get(result.ruleId ?? '');
    return index === undefined ? result : { ...result, ruleIndex: index };
  });
  return {
    tool: { driver: { name: 'dmabuf-lint', semanticVersion: version, rules: [...rules] } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [sourceRoot]: { description: { text: `top of the tree: ${subject}` } } },
    ...(repository && revision
      ? {
          versionControlProvenance: [
            { repositoryUri: repository, revisionId: revision, mappedTo: { uriBaseId: sourceRoot } },
          ],
        }
      : {}),
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: gapsOf(report).map(notification) }],
    results,
    properties: { subject, ...(revision ? { revision } : {}), summary: report.summary },
  };
}

/** The findings; then, if the run compares with an earlier state, the unchanged and the fixed ones; then the suppressed. */
function resultsOf(report: RunReport): readonly SarifResult[] {
  const { known, suppressed, groups } = report;
  const textOf = groups.at(-1)?.textOf ?? (() => undefined);
  return [
    // Old findings are those that are unchanged.
    ...labelledFindings(report)
      .filter(({ group }) => !group.isOld)
      .map(({ finding, group }) => ({
        ...toResult(finding, group.textOf),
        ...(known ? { baselineState: 'new' as const } : {}),
      })),
    ...(known?.unchanged ?? []).map(({ finding, reason }) => ({
      ...toResult(finding, textOf),
      baselineState: 'unchanged' as const,
      ...(reason
        ? { suppressions: [{ kind: 'external' as const, status: 'accepted' as const, justification: reason }] }
        : {}),
    })),
    ...(known?.fixed ?? []).map(absentResult),
    ...suppressed.map(({ finding, reason, place }) => ({
      ...toResult(finding, textOf),
      suppressions: [
        {
          kind: 'inSource' as const,
          status: 'accepted' as const,
          justification: reason,
          location: locationOf(place.file, place.line),
        },
      ],
    })),
  ];
}

function toResult(finding: Finding, textOf: TextOf): SarifResult {
  const { rule, severity, confidence, file, line, column, message, trace, fingerprint, mark } = finding;
  return {
    ruleId: rule,
    level: severity,
    message: { text: message },
    locations: [
      {
        ...locationOf(file, line, { column, snippet: lineOf(textOf(file), line) }),
        logicalLocations: [{ name: mark.subject }],
      },
    ],
    partialFingerprints: { 'dmabufLint/v1': fingerprint },
    ...(trace.length > 0 ? { codeFlows: [codeFlow(trace)] } : {}),
    properties: { confidence },
  };
}

/** A fixed finding has no line any more. */
function absentResult({ rule, file, message, subject, fingerprint }: FixedFinding): SarifResult {
  return {
    ruleId: rule,
    level: 'none',
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: artifact(file) }, logicalLocations: [{ name: subject }] }],
    partialFingerprints: { 'dmabufLint/v1': fingerprint },
    baselineState: 'absent',
  };
}

function codeFlow(trace: readonly TraceStep[]) {
  const locations = trace.map(({ file, line, message }) => ({
    location: { ...locationOf(file, line), message: { text: message } },
  }));
  return { threadFlows: [{ locations }] };
}

function notification(gap: NotAnalysed): Notification {
  return {
    level: 'note',
    message: { text: gapMessage(gap) },
    locations: [locationOf(gap.file, gap.line)],
    descriptor: { id: 'not-analysed' },
  };
}

function locationOf(
  file: string,
  line: number | null,
  { column, snippet }: { readonly column?: number; readonly snippet?: string | undefined } = {},
): Location {
  const region = {
    startLine: line ?? 1,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(snippet === undefined ? {} : { snippet: { text: snippet } }),
  };
  return { physicalLocation: { artifactLocation: artifact(file), ...(line === null ? {} : { region }) } };
}

/** A file name may hold any character; a URI may not, and half a surrogate pair cannot be encoded. */
function artifact(file: string) {
  const uri = file
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
  return { uri, uriBaseId: sourceRoot };
}

function lineOf(text: string | undefined, line: number): string | undefined {
  return text?.split('\n')[line - 1]?.replace(/\r$/, '');
}
