/** Pure functions from a result to text in one format. */
export { coloursFor } from './colour.js';
export { escapeForTerminal } from './escape.js';
export { formatGcc } from './gcc.js';
export { formatJson, jsonResult } from './json.js';
export { summaryLine } from './summary.js';
export { formatText } from './text.js';
