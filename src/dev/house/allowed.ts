import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Exceptions to the house rules, each with its reason. These lists may only get shorter. */
export type Allowed = Readonly<Record<AllowedKind, Readonly<Record<string, string>>>>;
export type AllowedKind = (typeof allowedKinds)[number];

export const allowedKinds = ['circles', 'folders', 'functions', 'exports'] as const;

const path = (top: string): string => join(top, 'src', 'dev', 'house', 'allowed.json');

/** @param top the folder with package.json */
export function readAllowed(top: string): Allowed {
  return JSON.parse(readFileSync(path(top), 'utf8'));
}

export function writeAllowed(top: string, allowed: Allowed): void {
  writeFileSync(path(top), `${JSON.stringify(allowed, null, 2)}\n`);
}

/** Violations that are not on the list, and entries of the list that match no violation. */
export interface Deviation {
  readonly refused: readonly string[];
  readonly stale: readonly string[];
}

export function deviation(found: readonly string[], allowed: Readonly<Record<string, string>>): Deviation {
  return {
    refused: found.filter((one) => !Object.hasOwn(allowed, one)),
    stale: Object.keys(allowed).filter((one) => !found.includes(one)),
  };
}
