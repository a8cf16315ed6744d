/** Pure functions from a result to text in one format. */

export { formatB4Review } from './b4-review.js';
export { coloursFor } from './colour.js';
export { escapeForTerminal } from './escape.js';
export { formatGithub } from './github.js';
export { formatGitlab } from './gitlab.js';
export { formatJson, jsonResult } from './json.js';
export { formatJunit, type JunitOptions } from './junit.js';
export { fixedLines } from './known.js';
export { formatB4, formatCheckpatch, formatGcc, formatNipa } from './lines.js';
export { formatMail } from './mail.js';
export type { RunReport } from './run-report.js';
export { type ChangedLines, scanReport } from './scan-report.js';
export { formatSeriesJson } from './series-json.js';
export { seriesReport } from './series-report.js';
export { seriesSummary } from './series-summary.js';
export { formatSeriesText } from './series-text.js';
export { summaryLine } from './summary.js';
export { formatText } from './text.js';
