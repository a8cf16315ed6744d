import { apiRows } from './rows.js';
import { importerCallbacks } from './structs.js';

/** A name that the kernel replaced by another. */
export interface RenamedName {
  readonly old: string;
  readonly current: string;
  readonly kind: 'function' | 'member';
  /** The first release with the new name: for messages, never for decisions. Trees carry backports. */
  readonly since: string;
}

/** Every renamed function of the API, and every renamed member of its structs. */
export const renamedNames: readonly RenamedName[] = [
  ...apiRows.flatMap(({ name, renamedTo }): RenamedName[] => {
    const current = apiRows.find((row) => row.name === renamedTo);
    return current ? [{ old: name, current: current.name, kind: 'function', since: current.since ?? '' }] : [];
  }),
  ...importerCallbacks.flatMap(({ name, renamedTo }): RenamedName[] => {
    const current = importerCallbacks.find((callback) => callback.name === renamedTo);
    return current ? [{ old: name, current: current.name, kind: 'member', since: current.since ?? '' }] : [];
  }),
];

/** Functions that came later and have no older name: a tree has them or not. */
export const laterFunctions: readonly { readonly name: string; readonly since: string }[] = apiRows.flatMap(
  ({ name, since }) =>
    since === undefined || renamedNames.some(({ current }) => current === name) ? [] : [{ name, since }],
);

/** The function by which exporters ask, by the names that it had while it was discussed. */
const revocableCheck = /\b(dma_buf_attach_(?:is_)?(?:can_)?revoca?\w*)\s*\(/;

/** The function that code, comments blanked out, declares for exporters to ask whether an importer can be revoked. */
export function revocableCheckIn(code: string): string | null {
  return revocableCheck.exec(code)?.[1] ?? null;
}
