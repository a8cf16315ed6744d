import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the house does not want, and has for now: each with the reason why it may stay. These lists only get shorter. */
export type Allowed = Readonly<Record<AllowedKind, Readonly<Record<string, string>>>>;
export type AllowedKind = (typeof allowedKinds)[number];

export const allowedKinds = ['circles', 'folders', 'functions', 'exports', 'process'] as const;

const path = (top: string): string => join(top, 'src', 'dev', 'house', 'allowed.json');

/** @param top the folder with package.json */
export function readAllowed(top: string): Allowed {
  return JSON.parse(readFileSync(path(top), 'utf8'));
}

export function writeAllowed(top: string, allowed: Allowed): void {
  writeFileSync(path(top), `${JSON.stringify(allowed, null, 2)}\n`);
}

/** What is there and not allowed, and what is allowed and not there any more. */
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
