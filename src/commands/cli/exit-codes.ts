/** Exit codes: findings, then gaps under --strict. 2 is wrong usage or configuration, 3 also an internal error. */
export const exitFindings = 1;
export const exitNotAnalysed = 3;
export const exitInternal = 3;
