/** An error that the user can mend. Its message is one line that says what is wrong, where, and what to do. */
export class UserError extends Error {}

/** The code of a system error (`EACCES`), or its message if it has no code. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return String(error);
}
