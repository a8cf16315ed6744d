import type { ReportedJob } from '../../report/batch/batch-jobs.js';
import type { ShownMatrix } from '../matrix/matrix-formats.js';
import type { Ending, Format, ShownDocs, ShownReport, ShownScan, ShownSeries, Write } from './format.js';

/** A format of a tree, of a series and of documentation that is made from the report. */
function ofReport<Traits extends Format>(write: Write<ShownReport>, traits: Traits) {
  return { report: write, scan: write, series: write, docs: write, ...traits } as const;
}

/** Every output format, in the order in which the help lists them. What writes a format is loaded when it is used. */
export const formats = {
  text: {
    scan: async ({ outcome, colour, quiet, columns }: ShownScan) =>
      (await import('../../report/text/text.js')).formatText(outcome, colour, { quiet, columns }),
    series: async ({ outcome, ...how }: ShownSeries) =>
      (await import('../../report/series/series-text.js')).formatSeriesText(outcome, how),
    matrix: async (shown: ShownMatrix) => (await import('../matrix/matrix-formats.js')).matrixText(shown),
    merge: async (jobs: readonly ReportedJob[]) =>
      (await import('../../report/batch/batch-text.js')).formatBatchText(jobs),
    docs: async ({ report, columns }: ShownDocs) => (await import('../docs/docs-lines.js')).staleText(report, columns),
    isQuiet: true,
    showsInventory: 'unless-quiet',
  },
  json: {
    scan: async ({ outcome }: ShownScan) => (await import('../../report/formats/json.js')).formatJson(outcome),
    series: async ({ outcome, all }: ShownSeries) =>
      (await import('../../report/series/series-json.js')).formatSeriesJson(outcome, { all }),
    matrix: async (shown: ShownMatrix) => (await import('../matrix/matrix-formats.js')).matrixJson(shown),
    merge: async (jobs: readonly ReportedJob[]) =>
      (await import('../../report/batch/batch-json.js')).formatBatchJson(jobs),
    docs: async ({ report }: ShownReport) => (await import('../docs/docs-lines.js')).staleJson(report),
    showsInventory: 'always',
    isWhole: true,
  },
  markdown: {
    series: async ({ outcome, all, affected }: ShownSeries) =>
      (await import('../../report/series/series-markdown.js')).formatSeriesMarkdown(outcome, { all, affected }),
    matrix: async (shown: ShownMatrix) => (await import('../matrix/matrix-formats.js')).matrixMarkdown(shown),
    tellsAffected: true,
    isWhole: true,
  },
  rst: {
    matrix: async (shown: ShownMatrix) => (await import('../matrix/matrix-formats.js')).matrixRest(shown),
  },
  html: {
    scan: async ({ report }: ShownScan) => (await import('./html-formats.js')).scanHtml(report),
    merge: async (jobs: readonly ReportedJob[]) => (await import('./html-formats.js')).batchHtml(jobs),
    matrix: async (shown: ShownMatrix) => (await import('../matrix/matrix-formats.js')).matrixHtml(shown),
    showsInventory: 'always',
  },
  gcc: ofReport(async ({ report }) => (await import('../../report/formats/lines.js')).formatGcc(report), {
    hasSummary: true,
    isSilentIfClean: true,
  }),
  checkpatch: ofReport(
    async ({ report }) => (await import('../../report/formats/lines.js')).formatCheckpatch(report),
    {},
  ),
  sarif: ofReport(async ({ report }) => (await import('./rule-formats.js')).sarif(report), {
    merge: async (jobs: readonly ReportedJob[]) =>
      (await import('../../report/batch/batch-sarif.js')).formatBatchSarif(jobs),
    hasSummary: true,
    hasRepository: true,
  }),
  junit: ofReport(async ({ report, failOn }) => (await import('./rule-formats.js')).junit(report, failOn), {
    hasSummary: true,
    isWhole: true,
  }),
  kcidb: ofReport(async ({ report, failOn }) => (await import('./rule-formats.js')).kcidb(report, failOn), {
    hasSummary: true,
    hasRepository: true,
  }),
  gitlab: ofReport(async ({ report }) => (await import('../../report/formats/gitlab.js')).formatGitlab(report), {
    hasSummary: true,
  }),
  github: ofReport(async ({ report }) => (await import('../../report/formats/github.js')).formatGithub(report), {
    hasSummary: true,
  }),
  b4: ofReport(async ({ report }) => (await import('../../report/formats/lines.js')).formatB4(report), {
    isQuiet: true,
    isStrict: true,
    isPerPatch: true,
  }),
  'b4-review': ofReport(
    async ({ report }) => (await import('../../report/formats/b4-review.js')).formatB4Review(report),
    { isQuiet: true, isStrict: true, isPerPatch: true },
  ),
  nipa: ofReport(async ({ report }) => (await import('../../report/formats/lines.js')).formatNipa(report), {
    conclude: async (ending: Ending) => (await import('./nipa.js')).concludeNipa(ending),
  }),
  mail: ofReport(async ({ report }) => (await import('../../report/series/mail.js')).formatMail(report), {
    hasSummary: true,
    hasDiffs: true,
    tellsAffected: true,
    tellsOrigins: true,
  }),
} as const satisfies Readonly<Record<string, Format>>;

type FormatName = keyof typeof formats;
/** The formats that have a writer of one kind. */
type FormatsWith<Kind extends keyof Format> = {
  [Name in FormatName]: (typeof formats)[Name] extends Required<Pick<Format, Kind>> ? Name : never;
}[FormatName];

export type ReportFormat = FormatsWith<'report'>;
export type ScanFormat = FormatsWith<'scan'>;
export type SeriesFormat = FormatsWith<'series'>;
export type MatrixFormat = FormatsWith<'matrix'>;
export type MergeFormat = FormatsWith<'merge'>;
export type DocsFormat = FormatsWith<'docs'>;

function namesWith<Kind extends keyof Format>(kind: Kind): readonly FormatsWith<Kind>[] {
  const names = Object.keys(formats) as FormatName[];
  return names.filter((name): name is FormatsWith<Kind> => kind in formats[name]);
}

/** Formats that a tree and a series have in common, made from one report. */
export const reportFormats = namesWith('report');
export const scanFormats = namesWith('scan');
export const seriesFormats = namesWith('series');
export const matrixFormats = namesWith('matrix');
export const mergeFormats = namesWith('merge');
export const docsFormats = namesWith('docs');

/** What is known of a format, whichever it is. */
export function formatNamed(name: FormatName): Format {
  return formats[name];
}
