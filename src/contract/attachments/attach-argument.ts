// What is an attach given?

import type { Expression } from '../../c/index.js';
import { type ApiParameter, argumentIndex } from '../../kernel/index.js';
import type { AttachSite } from '../model/attachment.js';

/** What an attach is given for a parameter; undefined where its function has no such parameter. */
export function attachArgument({ api, call }: AttachSite, parameter: ApiParameter): Expression | undefined {
  const index = argumentIndex(api, parameter);
  return index === undefined ? undefined : call.arguments[index];
}
