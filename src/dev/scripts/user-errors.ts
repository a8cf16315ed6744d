// For scripts of developers: an error that their user can correct is one line, and the exit code is 2. It is imported for what
// it does, before anything that may throw.

import { basename } from 'node:path';
import { errorCode, UserError } from '../../base/errors.js';

process.once('uncaughtException', (error) => {
  const isOfUser = error instanceof UserError || errorCode(error).startsWith('ERR_PARSE_ARGS');
  const script = basename(process.argv[1] ?? '', '.js');
  process.stderr.write(isOfUser ? `${script}: ${error.message}\n` : `${error.stack ?? error.message}\n`);
  process.exit(isOfUser ? 2 : 1);
});

/**
 * Reads a whole number from the command line.
 * @param what what the number is, for the message
 * @throws UserError where the text is no whole number, or less than `least`
 */
export function wholeNumber(text: string, what: string, least = 1): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least)
    throw new UserError(`'${text}' is no ${what}: write a whole number, ${least} or more`);
  return number;
}
