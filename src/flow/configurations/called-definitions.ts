import { callsIn, type FunctionUnit } from '../../c/index.js';
import { type Codebase, type FunctionRef, functionKey, functionsIn } from '../../program/index.js';
import type { CallerPlace, CallFrame } from '../model/engine.js';
import { type Decision, type State, stateWith } from '../state/state.js';
import { type Definition, definitionsOf } from './definitions.js';
import { atomsOf, textOf } from './formula.js';
import { modularOptions } from './modular.js';
import { type Fact, withFacts } from './variants.js';

/** A definition that a path may call, and the state in which it is entered. */
interface Called {
  readonly ref: FunctionRef;
  /** See {@link Definition}. */
  readonly macro?: FunctionUnit | undefined;
  readonly state: State;
}

/**
 * The definitions of a function that a call may mean. What the path knows of its configuration decides. Where it does not,
 * each is followed if the functions on the way ask for the same options; else the one that is found by the name.
 * @returns one at least
 */
export function definitionsFor(
  codebase: Codebase,
  ref: FunctionRef,
  state: State,
  from: CallerPlace,
): readonly Called[] {
  const { frame } = from;
  const definitions = definitionsOf(codebase, ref, frame.ref.path);
  if (definitions.length === 0) return [{ ref, state }];
  const mayBeModule = modularOptions(codebase, frame.ref.path);
  const possible = definitions.flatMap((one) => {
    const after = withFacts(state, one.facts, mayBeModule);
    return after ? [{ ...one, state: after }] : [];
  });
  const [first = { ref, state }, ...others] = possible;
  if (others.length === 0) return [first];
  const options = optionsOf(definitions);
  let isAsked = false;
  for (let one: CallFrame | undefined = frame; one && !isAsked && options.length > 0; one = one.from?.frame)
    isAsked = asksFor(codebase, one, options);
  if (!isAsked) return [{ ...first, state }];
  return possible.map((one) => ({ ...one, state: withDecision(one, from) }));
}

/** The path says under which condition the definition is compiled that it has called. */
function withDecision({ facts, state }: Definition & Called, { frame, at }: CallerPlace): State {
  const condition = `#if ${facts.map(wordsOf).join(' && ')}`;
  const decision: Decision = { kind: 'variant', condition, group: condition, path: frame.ref.path, at };
  return stateWith(state, { decisions: [...state.decisions, decision] });
}

function wordsOf({ formula, holds }: Fact): string {
  const text = textOf(formula).replace(/defined (\w+)/g, 'defined($1)');
  if (holds) return text;
  return formula.kind === 'and' || formula.kind === 'or' || text.startsWith('defined') ? `!${text}` : `!(${text})`;
}

/** The words that the conditions of definitions ask for, without those of their modules. */
function optionsOf(definitions: readonly Definition[]): readonly string[] {
  const atoms = definitions.flatMap(({ facts }) => facts.flatMap(({ formula }) => atomsOf(formula)));
  return [...new Set(atoms.flatMap((atom) => atom.match(/\b(?!defined\b)[A-Za-z_]\w*/g) ?? []))]
    .map((word) => word.replace(/_MODULE$/, ''))
    .filter((word) => word !== 'MODULE');
}

/** Whether a function, or one that it calls in its file, asks for one of some options. */
function asksFor(codebase: Codebase, { ref, unit }: CallFrame, options: readonly string[]): boolean {
  return codebase.memory.recall(`asks-for\0${functionKey(ref)}\0${options.join()}`, () => {
    const called = new Set(callsIn(unit.body).map(({ name }) => name));
    const near = functionsIn(codebase.program, ref.path).filter(({ outline }) => called.has(outline.name));
    return [ref, ...near].some((one) => names(codebase, one, options));
  });
}

function names({ program }: Codebase, { path, outline }: FunctionRef, options: readonly string[]): boolean {
  const { unit, code = '' } = program.file(path) ?? {};
  const word = new RegExp(`\\b(?:${options.join('|')})(?:_MODULE)?\\b`);
  const inDirectives = unit?.conditions.some(
    ({ start, condition }) => outline.bodyStart <= start && start < outline.end && word.test(condition),
  );
  return inDirectives === true || word.test(code.slice(outline.bodyStart, outline.end));
}
