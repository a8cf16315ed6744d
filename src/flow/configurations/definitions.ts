// `#ifdef CONFIG_A … #else static inline int foo(void) { return 0; } #endif`: which definition of a function a path calls.

import type { FunctionUnit } from '../../c/index.js';
import { isOption } from '../../kernel/index.js';
import { type Codebase, type FunctionRef, functionKey, functionsIn } from '../../program/index.js';
import { unitOf } from '../expansion/macros.js';
import { type Formula, formulaOfDirective } from './formula.js';
import type { Fact } from './variants.js';

/** A definition of a function, and the facts of the configurations in which it is the one. */
export interface Definition {
  readonly ref: FunctionRef;
  /** The macro that stands for the function in these configurations: `#define foo(x) do { } while (0)`. */
  readonly macro?: FunctionUnit | undefined;
  readonly facts: readonly Fact[];
}

/**
 * The definitions of a function that a file may see, where `#if`s choose one of them.
 * @param ref the definition that is found by the name: the first of the list
 * @returns none where there is only this one
 */
export function definitionsOf(codebase: Codebase, ref: FunctionRef, from: string): readonly Definition[] {
  // Each path asks the same again.
  return codebase.memory.recall(`definitions\0${functionKey(ref)}\0${from}`, () => findAll(codebase, ref, from));
}

function findAll(codebase: Codebase, ref: FunctionRef, from: string): readonly Definition[] {
  const { name } = ref.outline;
  const { program } = codebase;
  const headers = codebase.definitions.headers(from).filter((path) => isOwn(path) && path !== ref.path);
  const places = [ref.path, ...headers.filter((path) => program.namesIn(path).get(name))];
  const all = places.flatMap((path) => functionsIn(program, path).filter(({ outline }) => outline.name === name));
  const others = all.filter((one) => functionKey(one) !== functionKey(ref));
  const functions = [ref, ...others].map((one) => ({ ref: one, facts: factsAround(codebase, one) }));
  const isAlways = functions.some(({ facts }) => facts.length === 0);
  const macro = isAlways ? undefined : macroOf(codebase, name, from);
  const found: readonly Definition[] = macro ? [...functions, { ref, macro, facts: [] }] : functions;
  if (found.length < 2) return [];
  // Of two definitions that no `#if` chooses, each is of a build of its own.
  if (found.filter(({ facts }) => facts.length === 0).length > 1) return [];
  return found.map((one) => (one.facts.length > 0 ? one : { ...one, facts: noneOf(found) }));
}

/** The macro of a name with parameters, as a function, where there is only one. */
function macroOf(codebase: Codebase, name: string, from: string): FunctionUnit | undefined {
  const [macro, ...others] = codebase.definitions.macroWays(name, from);
  return macro?.parameters && others.length === 0 ? unitOf(codebase, macro, macro.parameters) : undefined;
}

/** A stub for a part of the kernel that is not built is no matter of the driver. */
const isOwn = (path: string): boolean => !path.startsWith('include/');

/** A definition under no `#if` is the one where none of the others is. */
function noneOf(definitions: readonly Definition[]): readonly Fact[] {
  return definitions.flatMap(({ facts }): readonly Fact[] => {
    const [only, ...others] = facts;
    if (!only) return [];
    if (others.length === 0) return [{ formula: only.formula, holds: !only.holds }];
    return [{ formula: { kind: 'and', parts: facts.map(asFormula) }, holds: false }];
  });
}

const asFormula = ({ formula, holds }: Fact): Formula => (holds ? formula : { kind: 'not', of: formula });

/** What the `#if`s around a function say of the configurations in which it is compiled. */
export function factsAround({ program }: Codebase, { path, outline }: FunctionRef): readonly Fact[] {
  const { unit, text = '' } = program.file(path) ?? {};
  const around = unit?.conditions.filter(({ start, end }) => start <= outline.start && outline.start < end) ?? [];
  return around
    .filter(({ condition, start }) => !isGuard(condition, text.slice(start, start + mostGuard)))
    .filter(({ condition }) => lasts(condition, text))
    .flatMap(({ condition }) => factsOfBranch(condition));
}

const mostGuard = 200;

/** Whether a condition asks the same in all of a file: none of its names is defined there, or undefined. */
function lasts(condition: string, text: string): boolean {
  const words = (condition.match(/\b[A-Za-z_]\w*/g) ?? []).filter((word) => !isOption(word));
  return words.every((word) => !new RegExp(`^[ \\t]*#[ \\t]*(?:define|undef)[ \\t]+${word}\\b`, 'm').test(text));
}

/** Whether a condition only keeps a header from being read twice: what stands under it defines the name. */
function isGuard(condition: string, text: string): boolean {
  const [, name] = /^#\s*if(?:ndef\b|\s*!\s*defined\b)[\s(]*(\w+)/.exec(condition) ?? [];
  return name !== undefined && new RegExp(`^\\s*#\\s*define\\s+${name}\\b`).test(text);
}

/** What a branch says of its group: `#else of #ifdef A`. Of three branches and more, those between are not known. */
function factsOfBranch(condition: string): readonly Fact[] {
  const [, own = condition, first] = /^(#\s*(?:else|elif).*?) of (#.*)$/s.exec(condition) ?? [];
  const [holding, refused] = [formulaOfDirective(own), first === undefined ? undefined : formulaOfDirective(first)];
  return [
    ...(refused ? [{ formula: refused, holds: false }] : []),
    ...(holding ? [{ formula: holding, holds: true }] : []),
  ];
}
