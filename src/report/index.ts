/** Pure functions from a result to text in one format. */
export { coloursFor } from './colour.js';
export { escapeForTerminal } from './escape.js';
export { formatGcc } from './gcc.js';
export { formatJson, jsonResult } from './json.js';
export { fixedLines } from './known.js';
export { formatSeriesJson } from './series-json.js';
export { formatSeriesB4, formatSeriesCheckpatch, formatSeriesGcc } from './series-lines.js';
export { seriesSummary } from './series-summary.js';
export { formatSeriesText } from './series-text.js';
export { summaryLine } from './summary.js';
export { formatText } from './text.js';
