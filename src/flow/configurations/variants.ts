// One path is code of one configuration: what an `#if` has said of it holds at each later one.

import type { FunctionUnit } from '../../c/index.js';
import { answerKeys, type State, stateWith } from '../state/state.js';
import { atomsOf, type Formula, formulaOf, formulaOfDirective, textOf, truthIn } from './formula.js';
import { asBuilt, contradictsItself, type MayBeModule } from './modular.js';

/** What is known of a configuration: a formula, and whether it holds. */
export interface Fact {
  readonly formula: Formula;
  readonly holds: boolean;
}

/** Facts with more atoms are not compared. */
const mostAtoms = 12;

const knownBranches = new WeakMap<readonly string[], readonly (readonly Fact[])[]>();

/**
 * What each branch of an `#if` group says of the configuration: its own condition holds, and none before it does.
 * @param labels the conditions of all branches as written, the last one `#else`
 */
function factsOf(labels: readonly string[]): readonly (readonly Fact[])[] {
  let branches = knownBranches.get(labels);
  if (!branches) {
    const formulas = labels.map(formulaOfDirective);
    branches = formulas.map((own, index) => [
      ...formulas.slice(0, index).flatMap((formula) => (formula ? takenApart({ formula, holds: false }) : [])),
      ...(own ? takenApart({ formula: own, holds: true }) : []),
    ]);
    knownBranches.set(labels, branches);
  }
  return branches;
}

/** The facts that a fact is made of: where `A && !B` holds, A does and B does not. */
function takenApart({ formula, holds }: Fact): readonly Fact[] {
  if (formula.kind === 'not') return takenApart({ formula: formula.of, holds: !holds });
  if (formula.kind === 'atom' || (formula.kind === 'and') !== holds) return [{ formula, holds }];
  return formula.parts.flatMap((part) => takenApart({ formula: part, holds }));
}

/** The question of a formula as a text, and those that it is made of. */
export const questionsIn = (formula: Formula): readonly string[] => [textOf(formula), ...atomsOf(formula)];

/** The questions, as texts, whose answers a path may remember from an `#if` group, or that decide it there. */
export function questionsOf(labels: readonly string[]): readonly string[] {
  const facts = factsOf(labels).flat();
  return [...new Set(facts.flatMap(({ formula }) => questionsIn(formula)))];
}

/**
 * The states in which a path takes each branch of an `#if` group.
 * @returns one entry for each branch: undefined where the path has taken another configuration
 */
export function takeBranches(
  state: State,
  labels: readonly string[],
  mayBeModule: MayBeModule,
): readonly (State | undefined)[] {
  return factsOf(labels).map((facts) => withFacts(state, facts, mayBeModule));
}

/**
 * Takes the assumptions of a function's unit as true: only one of its `#if` branches was read.
 * @returns the state in which the function is entered; undefined if the path has taken another branch of such a group
 */
export function withAssumptions(
  { assumptions }: FunctionUnit,
  state: State,
  mayBeModule: MayBeModule,
): State | undefined {
  let after: State | undefined = state;
  for (const { condition } of assumptions) {
    const formula = formulaOfDirective(condition);
    after = formula && after ? withFacts(after, takenApart({ formula, holds: true }), mayBeModule) : after;
  }
  return after;
}

/** The state in which some facts hold; undefined where what the path knows already says otherwise. */
export function withFacts(state: State, facts: readonly Fact[], mayBeModule: MayBeModule): State | undefined {
  let { answers } = state;
  const parts = facts.flatMap(({ formula, holds }) => takenApart({ formula: asBuilt(formula, mayBeModule), holds }));
  for (const { formula, holds } of parts) {
    const key = answerKeys.variant(textOf(formula));
    const known = answers.get(key);
    if (known === undefined) answers = answers.with(key, holds);
    else if (known !== holds) return undefined;
  }
  if (answers === state.answers) return state;
  return isPossible(factsIn(answers)) ? stateWith(state, { answers }) : undefined;
}

const parsed = new Map<string, Formula>();

function factsIn(answers: State['answers']): readonly Fact[] {
  const facts: Fact[] = [];
  answers.forEach((holds, key) => {
    const text = answerKeys.variantOf(key);
    if (text === undefined) return;
    const formula = parsed.get(text) ?? formulaOf(text);
    parsed.set(text, formula);
    facts.push({ formula, holds: holds === true });
  });
  return facts;
}

/** Whether facts can hold together. Each atom has only one fact. */
function isPossible(facts: readonly Fact[]): boolean {
  const known = new Map(
    facts.flatMap(({ formula, holds }) => (formula.kind === 'atom' ? [[formula.text, holds]] : [])),
  );
  if (contradictsItself(known)) return false;
  if (known.size === facts.length) return true;
  const atoms = [...new Set(facts.flatMap(({ formula }) => atomsOf(formula)))];
  return atoms.length > mostAtoms || search(facts, atoms, new Map());
}

function search(facts: readonly Fact[], atoms: readonly string[], known: ReadonlyMap<string, boolean>): boolean {
  if (contradictsItself(known) || facts.some(({ formula, holds }) => truthIn(formula, known) === !holds)) return false;
  const [atom, ...others] = atoms;
  return atom === undefined || [true, false].some((value) => search(facts, others, new Map([...known, [atom, value]])));
}
