/** What formats a result: pure functions, each of which writes one format. */

export { formatB4Review } from './formats/b4-review.js';
export { formatGithub } from './formats/github.js';
export { formatGitlab } from './formats/gitlab.js';
export { formatJson, jsonResult } from './formats/json.js';
export { formatJunit } from './formats/junit.js';
export { formatB4, formatCheckpatch, formatGcc, formatNipa } from './formats/lines.js';
export type { RunReport } from './run-report.js';
export { type ChangedLines, scanReport } from './scan-report.js';
export { formatMail } from './series/mail.js';
export { seriesReport } from './series/series-report.js';
export { seriesSummary } from './series/series-summary.js';
export { coloursFor } from './text/colour.js';
export { escapeForTerminal } from './text/escape.js';
export { fixedLines } from './text/known.js';
export { summaryLine } from './text/summary.js';
export { formatText } from './text/text.js';
