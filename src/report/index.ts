/**
 * What upper floors may use to format a result. Most formats are not here: `commands/formats/formats.ts` loads each from
 * its own file when it is used.
 */

export type { RunReport } from './run-report.js';
export { scanReport } from './scan-report.js';
export { seriesReport } from './series/series-report.js';
export { seriesSummary } from './series/series-summary.js';
export { escapeForTerminal } from './text/escape.js';
export { formatText } from './text/text.js';
