/** Exit codes: 0, or findings, or gaps under --strict. */
export const exitFindings = 1;
/** Wrong usage or configuration. */
export const exitUsage = 2;
export const exitNotAnalysed = 3;
export const exitInternal = 3;
