/** Formats that a tree and a series have in common, made of one report. */
export const reportFormats = [
  'gcc',
  'checkpatch',
  'sarif',
  'junit',
  'gitlab',
  'github',
  'b4',
  'b4-review',
  'nipa',
  'mail',
] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const scanFormats = ['text', 'json', ...reportFormats] as const;
export type ScanFormat = (typeof scanFormats)[number];

export const seriesFormats = ['text', 'json', 'markdown', ...reportFormats] as const;
export type SeriesFormat = (typeof seriesFormats)[number];

export function isReportFormat(format: string): format is ReportFormat {
  return reportFormats.some((candidate) => candidate === format);
}

export const matrixFormats = ['text', 'markdown', 'json', 'rst', 'html'] as const;
export type MatrixFormat = (typeof matrixFormats)[number];
