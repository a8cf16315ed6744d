// What does an ops table hold?

import type { Expression } from '../../c/index.js';
import type { Codebase, FunctionRef } from '../../program/index.js';

/** One member of an ops table. */
export interface TableMember {
  readonly field: string;
  readonly value: Expression;
  /** The function that it names, or null where it is NULL or no plain name. */
  readonly functionName: string | null;
  readonly isNull: boolean;
  readonly at: number;
  /** The `#if` around it, or null. */
  readonly condition: string | null;
}

/** An ops table: a variable of an ops type, or the part of a variable that has one. */
export interface OpsTable {
  readonly name: string;
  /** The members that lead to it from the variable: [] for the variable itself, ['ops'] for a table nested in another struct. */
  readonly memberPath: readonly string[];
  readonly path: string;
  readonly at: number;
  readonly line: number;
  readonly members: readonly TableMember[];
  /** The function that declares it as a local variable, or null. */
  readonly local: FunctionRef | null;
  readonly isStatic: boolean;
  /** Why its members are not known, or null. */
  readonly unreadable: string | null;
}

/** Returns the members that a table has for a field: several where `#if` branches differ. */
export function membersFor(table: OpsTable, field: string): readonly TableMember[] {
  return table.members.filter((member) => member.field === field);
}

/** Returns the function name in a field, or null where the field is left out. Where `#if` branches differ, the first counts. */
export function functionFor(table: OpsTable, field: string): string | null {
  return membersFor(table, field).find((member) => !member.isNull)?.functionName ?? null;
}

/** Returns whether a field holds anything but NULL. */
export function isSet(table: OpsTable, field: string): boolean {
  return membersFor(table, field).some((member) => !member.isNull);
}

/** Returns the function in a field, or undefined where the field is left out or the tree does not define the function. */
export function opFunction(codebase: Codebase, table: OpsTable, op: string): FunctionRef | undefined {
  const name = functionFor(table, op);
  return name ? codebase.definitions.find(name, table.path) : undefined;
}
