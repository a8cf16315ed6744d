import {
  type CallExpression,
  type CallInBody,
  callsIn,
  type Expression,
  expressionsOf,
  type FunctionUnit,
  type Statement,
  subexpressions,
  visitStatements,
} from '../../c/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../program/index.js';
import { isHarmless, isLibraryLeaf } from './harmless.js';

/** A place on the way: a statement of a function, with those around it. */
export interface Standing {
  readonly ref: FunctionRef;
  readonly at: number;
  readonly statement: Statement;
  readonly around: readonly Statement[];
  /** The call that leads on to the next function, or the one that happens here; null for a loop. */
  readonly call: CallExpression | null;
}

/** Something that happens in the course of a function, or of one that it calls. */
export interface CourseEvent {
  readonly kind: 'call' | 'loop';
  /** The function called, the member called through, or the empty string for a loop. */
  readonly name: string;
  readonly standing: Standing;
  /** The calls that lead here from the function begun with, outermost first. */
  readonly chain: readonly Standing[];
  /** A call that may do anything, since the tree does not show what. */
  readonly isOpaque: boolean;
}

export interface CourseOptions {
  readonly depth: number;
  /** Calls that are what is looked for, and are not followed further. */
  readonly isGoal: (name: string) => boolean;
}

/** Calls and waiting loops of a function from an offset on, those of its callees in their place, in the order of the text. */
export function courseOf(
  codebase: Codebase,
  ref: FunctionRef,
  from: number,
  options: CourseOptions,
): readonly CourseEvent[] {
  return walk(codebase, ref, from, options, [], new Set([functionKey(ref)]));
}

function walk(
  codebase: Codebase,
  ref: FunctionRef,
  from: number,
  options: CourseOptions,
  chain: readonly Standing[],
  open: ReadonlySet<string>,
): readonly CourseEvent[] {
  const { body } = codebase.program.lower(ref);
  // Arguments are evaluated before the call that they are handed to.
  const calls = callsIn(body)
    .filter(({ call }) => call.at > from)
    .sort((left, right) => left.call.end - right.call.end);
  const events = calls.flatMap((found): readonly CourseEvent[] => {
    const { call, statement, around } = found;
    const standing: Standing = { ref, at: call.at, statement, around, call };
    const name = found.name ?? found.slot ?? '';
    const event = (isOpaque: boolean): CourseEvent => ({ kind: 'call', name, standing, chain, isOpaque });
    if (options.isGoal(name) || isHarmless(name) || isLibraryLeaf(name)) return [event(false)];
    const target = found.name === null ? undefined : codebase.definitions.find(found.name, ref.path);
    if (!target) return [event(!isMacro(codebase, found, ref))];
    if (open.has(functionKey(target))) return [];
    if (chain.length >= options.depth) return [event(false)];
    const inner = walk(codebase, target, -1, options, [...chain, standing], new Set([...open, functionKey(target)]));
    return [event(false), ...inner];
  });
  const loops = waitingLoops(body, from).map(({ statement, around }): CourseEvent => {
    const standing: Standing = { ref, at: statement.at, statement, around, call: null };
    return { kind: 'loop', name: '', standing, chain, isOpaque: false };
  });
  return loops.length === 0 ? events : inOrder([...events, ...loops], chain.length);
}

/** The events of callees stay where their call stands. */
function inOrder(events: readonly CourseEvent[], depth: number): readonly CourseEvent[] {
  const endOf = (event: CourseEvent): number => {
    const { call, at } = event.chain[depth] ?? event.standing;
    return call?.end ?? at;
  };
  return [...events].sort((left, right) => endOf(left) - endOf(right));
}

/** Macros are no functions that could be found; what they do is in their body, and seldom a wait. */
function isMacro(codebase: Codebase, { name }: CallInBody, ref: FunctionRef): boolean {
  return name !== null && (/^[A-Z0-9_]+$/.test(name) || codebase.definitions.macro(name, ref.path) !== undefined);
}

function waitingLoops(body: readonly Statement[], from: number) {
  const loops: { readonly statement: Statement; readonly around: readonly Statement[] }[] = [];
  visitStatements(body, (statement, around) => {
    if ((statement.kind === 'while' || statement.kind === 'do') && statement.at > from)
      loops.push({ statement, around });
  });
  return loops;
}

/** The members that an expression names, those behind its local variables too. */
export function membersIn(unit: FunctionUnit, expression: Expression): ReadonlySet<string> {
  const members = new Set<string>();
  const seen = new Set<string>();
  const { values } = assignmentsOf(unit);
  const enter = (inner: Expression): void => {
    if (inner.kind === 'member') members.add(inner.member);
    if (inner.kind === 'name' && !seen.has(inner.name)) {
      seen.add(inner.name);
      for (const value of values.get(inner.name) ?? []) enter(value);
    }
    for (const part of subexpressions(inner)) enter(part);
  };
  enter(expression);
  return members;
}

/** The members that a test asks for: itself, through its variables and where those are set, and in small helpers that it calls. */
export function membersAsked(codebase: Codebase, ref: FunctionRef, test: Expression): ReadonlySet<string> {
  const unit = codebase.program.lower(ref);
  const members = new Set(membersIn(unit, test));
  for (const name of namesIn(test))
    visitStatements(unit.body, (statement, around) => {
      // `first = true;` under a test: the variable remembers what that said.
      if (expressionsOf(statement).some((expression) => assigns(expression, name)))
        for (const outer of around)
          if (outer.kind === 'if') for (const member of membersIn(unit, outer.test)) members.add(member);
    });
  for (const name of calleesIn(test)) {
    const target = isHarmless(name) ? undefined : codebase.definitions.find(name, ref.path);
    if (!target) continue;
    const helper = codebase.program.lower(target);
    visitStatements(helper.body, (statement) => {
      for (const expression of expressionsOf(statement))
        for (const member of membersIn(helper, expression)) members.add(member);
    });
  }
  return members;
}

function assigns(expression: Expression, name: string): boolean {
  return expression.kind === 'assignment' && expression.target.kind === 'name' && expression.target.name === name;
}

function namesIn(expression: Expression): readonly string[] {
  return [...(expression.kind === 'name' ? [expression.name] : []), ...subexpressions(expression).flatMap(namesIn)];
}

/** The functions that an expression calls by name. */
export function calleesIn(expression: Expression): readonly string[] {
  return [
    ...(expression.kind === 'call' && expression.callee.kind === 'name' ? [expression.callee.name] : []),
    ...subexpressions(expression).flatMap(calleesIn),
  ];
}

/** The tests that decide whether a place is come to: those around it, and those before it that leave. */
export function testsBefore(codebase: Codebase, { ref, at, around }: Standing, from = -1): readonly Expression[] {
  const tests: Expression[] = around.flatMap((outer) =>
    outer.kind === 'if' || outer.kind === 'while' ? [outer.test] : outer.kind === 'switch' ? [outer.subject] : [],
  );
  const { body } = codebase.program.lower(ref);
  visitStatements(body, (statement, outer) => {
    if (statement.kind !== 'if' || statement.at >= at || statement.at <= from || around.includes(statement)) return;
    if (!outer.every((one) => around.includes(one))) return;
    if (leaves(statement.then, body, at) || leaves(statement.otherwise, body, at)) tests.push(statement.test);
  });
  return tests;
}

/** Whether a branch ends by leaving, past the offset. */
function leaves(branch: readonly Statement[], body: readonly Statement[], past: number): boolean {
  const last = branch.at(-1);
  if (!last) return false;
  if (last.kind === 'block') return leaves(last.body, body, past);
  if (last.kind === 'goto') return labelAt(body, last.label) > past;
  return last.kind === 'return' || last.kind === 'continue' || last.kind === 'break';
}

function labelAt(body: readonly Statement[], name: string): number {
  let found = Number.POSITIVE_INFINITY;
  visitStatements(body, (statement) => {
    if (statement.kind === 'label' && statement.name === name) found = statement.at;
  });
  return found;
}

/** Whether an event stands in the other branch of a test than a place. */
export function isElsewhere(place: Standing, event: CourseEvent): boolean {
  const { at, around } = event.chain[0] ?? event.standing;
  return around.some((outer) => {
    if (outer.kind !== 'if' || !place.around.includes(outer)) return false;
    const other = outer.otherwise[0]?.at ?? Number.POSITIVE_INFINITY;
    return place.at >= other !== at >= other;
  });
}
