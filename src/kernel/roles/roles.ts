import { functionsWithRole } from '../api/api.js';
import type { ApiRole } from '../api/rows.js';
import { hasType } from '../api/types.js';
import type { CoreFunction } from './core-functions.js';
import { type Deed, type RoleEvidence, roleEvidence } from './evidence.js';

/** A function of the core with the role that its code plays. */
export interface Player {
  readonly function: CoreFunction;
  readonly role: ApiRole;
}

/** Finds the roles that functions of the core play, by what their code does, whatever they are called. */
export function findPlayers(functions: readonly CoreFunction[]): readonly Player[] {
  const roles = new Map<CoreFunction, ApiRole>();
  // A function that calls one with a role comes later than that one: two rounds see each wrapper of a wrapper.
  for (let round = 0; round < 3; round++)
    for (const one of functions) {
      if (roles.has(one)) continue;
      const played = new Set([...roles].flatMap(([other, role]) => (one.deeds.calls.has(other.name) ? [role] : [])));
      const evidence = roleEvidence.find((candidate) => fits(one, candidate, played));
      if (evidence) roles.set(one, evidence.role);
    }
  return [...roles].map(([one, role]) => ({ function: one, role }));
}

/** What somebody does who plays a role, in words. */
export function deedInWords(role: ApiRole): string {
  return roleEvidence.find((evidence) => evidence.role === role)?.does ?? role;
}

/** The roles that every core has whose header has these members of the exporter's ops. */
export function rolesOfSlots(members: ReadonlySet<string>): readonly ApiRole[] {
  return roleEvidence.flatMap(({ role, deeds }) =>
    role !== 'mapping-attach' && deeds.some((deed) => deed.kind === 'slot' && members.has(deed.slot)) ? [role] : [],
  );
}

/** Whether the header declares a function that the table of the API has for a role. */
export function isPlayedByName(role: ApiRole, declared: ReadonlySet<string>): boolean {
  return functionsWithRole(role).some((name) => declared.has(name));
}

function fits(one: CoreFunction, { returns, takes = [], deeds }: RoleEvidence, played: ReadonlySet<ApiRole>): boolean {
  const { parameters, result } = one.shape;
  if (returns !== undefined && !resultIs(result, returns)) return false;
  if (!takes.every((type) => parameters.some((parameter) => hasType(parameter, type)))) return false;
  return deeds.some((deed) => does(one, deed, played));
}

function resultIs(result: string, kind: NonNullable<RoleEvidence['returns']>): boolean {
  switch (kind) {
    case 'attachment':
    case 'buffer':
    case 'table':
      return hasType(result, kind);
    case 'pointer':
      return result.endsWith('*');
    case 'number':
      return /^(?:int|bool)$/.test(result);
    case 'truth':
      return result === 'bool';
    case 'nothing':
      return result === 'void';
  }
}

function does({ deeds }: CoreFunction, deed: Deed, played: ReadonlySet<ApiRole>): boolean {
  switch (deed.kind) {
    case 'slot':
      return deeds.slots.has(deed.slot);
    case 'calls':
      return deed.names.some((name) => deeds.calls.has(name));
    case 'callback':
      return deeds.callback === 'calls';
    case 'tests-callback':
      return deeds.callback === 'tests';
    case 'tests-ops':
      return deeds.testsOps && deeds.callback === null && deeds.slots.size === 0;
    case 'types':
      return true;
    case 'role':
      return played.has(deed.role);
  }
}
