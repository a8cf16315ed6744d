import { callsIn, type Expression, type FunctionUnit, isScopeMacro, type Statement } from '../../c/index.js';
import { attachmentList, lockFunctions, releasesHoldings } from '../../kernel/index.js';
import {
  classDeclaration,
  isGuard,
  isReturnOfPointer,
  labelOnFailure,
  noFreePointer,
  preparedDeclaration,
  transparentArgument,
} from './macro-forms.js';
import type { ControlFlowGraph, ControlFlowNode, NodeOf, WrittenTest } from './model.js';

/** The graph while it is built, with the labels and jumps met so far. */
interface Builder {
  readonly nodes: ControlFlowNode[];
  /** The node of each label, and how many scopes are open there. */
  readonly labels: Map<string, { readonly node: number; readonly depth: number }>;
  /** A `goto` may come before its label: its node is completed at the end. */
  readonly jumps: { readonly node: number; readonly label: string; readonly at: number }[];
}

/** Where `break` and `continue` lead, and how many scopes are open there. Null outside of a loop or switch. */
interface Loop {
  readonly onBreak: number | null;
  readonly onContinue: number | null;
  readonly depth: number;
}

/** What surrounds a statement: the node that follows it, the number of open scopes, and the loop around it. */
interface Context {
  readonly next: number;
  readonly depth: number;
  readonly loop: Loop;
}

type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

const graphs = new WeakMap<FunctionUnit, ControlFlowGraph>();

/** The control-flow graph of a function, built once. */
export function graphOf(unit: FunctionUnit): ControlFlowGraph {
  let graph = graphs.get(unit);
  if (!graph) {
    graph = buildGraph(unit.body, unit.end - 1);
    graphs.set(unit, graph);
  }
  return graph;
}

/**
 * Builds the control-flow graph of a body. Every `#if` branch becomes a branch of the graph.
 * @param end offset at which a body that falls off its end returns
 */
export function buildGraph(body: readonly Statement[], end: number): ControlFlowGraph {
  const builder: Builder = { nodes: [], labels: new Map(), jumps: [] };
  const exit = add(builder, { kind: 'return', value: null, at: end });
  const entry = addList(builder, body, {
    next: exit,
    depth: 0,
    loop: { onBreak: null, onContinue: null, depth: 0 },
  });
  for (const { node, label, at } of builder.jumps) {
    const target = builder.labels.get(label) ?? { node: exit, depth: 0 };
    builder.nodes[node] = { kind: 'leave', depth: target.depth, at, next: target.node };
  }
  return { nodes: builder.nodes, entry };
}

function add(builder: Builder, node: ControlFlowNode): number {
  return builder.nodes.push(node) - 1;
}

/** Adds statements, the last one first, since each needs the node that follows it. Returns the first node. */
function addList(builder: Builder, statements: readonly Statement[], context: Context): number {
  let { next } = context;
  for (let index = statements.length - 1; index >= 0; index--) {
    const current = statements[index];
    if (current) next = addStatement(builder, current, { ...context, next });
  }
  return next;
}

/** Adds statements in a scope of their own, where they declare something that the end of the scope may release. */
function addScope(builder: Builder, statements: readonly Statement[], context: Context, at: number): number {
  if (!statements.some((inner) => inner.kind === 'declaration' || isGuard(inner)))
    return addList(builder, statements, context);
  const leave = add(builder, { kind: 'leave', depth: context.depth, at, next: context.next });
  const inside = addList(builder, statements, { ...context, next: leave, depth: context.depth + 1 });
  return add(builder, { kind: 'enter', at, next: inside });
}

function addStatement(builder: Builder, current: Statement, context: Context): number {
  const { at } = current;
  const { next, loop } = context;
  switch (current.kind) {
    case 'expression':
      return addExpression(builder, current, next);
    case 'declaration':
      return add(builder, { ...current, kind: 'declare', next });
    case 'block':
      return addScope(builder, current.body, context, at);
    case 'if': {
      const whenTrue = addScope(builder, current.then, context, at);
      const whenFalse = addScope(builder, current.otherwise, context, at);
      return addCondition(builder, current.test, { whenTrue, whenFalse, at });
    }
    case 'while':
      return addWhile(builder, current, context);
    case 'do':
      return addDo(builder, current, context);
    case 'for':
      return addFor(builder, current, context);
    case 'macro-block':
      return addMacroBlock(builder, current, context);
    case 'switch':
      return addSwitch(builder, current, context);
    case 'variants':
      return addVariants(builder, current, context);
    case 'label': {
      const node = add(builder, { kind: 'choose', key: null, labels: [''], targets: [next], at });
      builder.labels.set(current.name, { node, depth: context.depth });
      return node;
    }
    case 'goto':
      return addGoto(builder, current);
    case 'return':
      return add(builder, { kind: 'return', value: current.value, at });
    case 'break':
      return addExitOfLoop(builder, loop.onBreak, context, at);
    case 'continue':
      return addExitOfLoop(builder, loop.onContinue, context, at);
    case 'case':
      return next;
    case 'unparsed':
      return add(builder, { kind: 'unparsed', at, next });
  }
}

function addExpression(builder: Builder, current: StatementOf<'expression'>, next: number): number {
  const { expression, at } = current;
  if (isGuard(current)) return addGuard(builder, current, next);
  const made = classDeclaration(expression);
  if (made) return add(builder, { ...made, kind: 'declare', next });
  const prepared = preparedDeclaration(expression);
  if (prepared) {
    const filled = add(builder, { kind: 'evaluate', expression, at, next });
    return add(builder, { ...prepared, kind: 'declare', next: filled });
  }
  if (isReturnOfPointer(expression))
    return add(builder, { kind: 'return', value: { ...expression, callee: noFreePointer(at) }, at });
  const label = labelOnFailure(expression);
  if (label === null) return add(builder, { kind: 'evaluate', expression, at, next });
  const whenTrue = addGoto(builder, { kind: 'goto', label, at });
  return add(builder, {
    kind: 'test',
    test: expression,
    written: { expression, isNegated: false },
    at,
    whenTrue,
    whenFalse: next,
  });
}

/** `break` or `continue`; outside of a loop, as in code that cannot be read whole, it has no effect. */
function addExitOfLoop(builder: Builder, target: number | null, { next, loop }: Context, at: number): number {
  return target === null ? next : add(builder, { kind: 'leave', depth: loop.depth, at, next: target });
}

function addGoto(builder: Builder, { label, at }: StatementOf<'goto'>): number {
  const node = add(builder, { kind: 'leave', depth: 0, at, next: -1 });
  builder.jumps.push({ node, label, at });
  return node;
}

/** Where a test leads. */
interface Outcomes {
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly at: number;
}

/** Splits a condition at `&&`, `||` and `!` into tests of one thing each. */
function addCondition(
  builder: Builder,
  test: Expression,
  { whenTrue, whenFalse, at }: Outcomes,
  written: WrittenTest = { expression: test, isNegated: false },
): number {
  if (test.kind === 'binary' && test.operator === '&&') {
    const right = addCondition(builder, test.right, { whenTrue, whenFalse, at });
    return addCondition(builder, test.left, { whenTrue: right, whenFalse, at });
  }
  if (test.kind === 'binary' && test.operator === '||') {
    const right = addCondition(builder, test.right, { whenTrue, whenFalse, at });
    return addCondition(builder, test.left, { whenTrue, whenFalse: right, at });
  }
  if (test.kind === 'unary' && test.operator === '!')
    return addCondition(
      builder,
      test.operand,
      { whenTrue: whenFalse, whenFalse: whenTrue, at },
      { ...written, isNegated: !written.isNegated },
    );
  const inner = transparentArgument(test);
  if (inner) return addCondition(builder, inner, { whenTrue, whenFalse, at }, written);
  return add(builder, { kind: 'test', test, written, at, whenTrue, whenFalse });
}

/** Adds the head of a loop first, so that its body can lead back to it. */
function addLoop(builder: Builder, at: number, addBody: (head: number) => number): number {
  const targets: number[] = [];
  const head = add(builder, { kind: 'choose', key: null, labels: [''], targets, at });
  targets.push(addBody(head));
  return head;
}

/** The context of a loop's body: `next` is where an iteration ends, which is also where `continue` leads. */
function inLoop(next: number, onBreak: number, depth: number): Context {
  return { next, depth, loop: { onBreak, onContinue: next, depth } };
}

function addWhile(builder: Builder, { test, body, at }: StatementOf<'while'>, { next, depth }: Context): number {
  return addLoop(builder, at, (head) =>
    addCondition(builder, test, {
      whenTrue: addScope(builder, body, inLoop(head, next, depth), at),
      whenFalse: next,
      at,
    }),
  );
}

function addDo(builder: Builder, { test, body, at }: StatementOf<'do'>, { next, depth }: Context): number {
  return addLoop(builder, at, (head) => {
    const condition = addCondition(builder, test, { whenTrue: head, whenFalse: next, at });
    return addScope(builder, body, inLoop(condition, next, depth), at);
  });
}

function addFor(builder: Builder, current: StatementOf<'for'>, context: Context): number {
  const { start, test, update, body, at } = current;
  const { next, depth } = context;
  const head = addLoop(builder, at, (again) => {
    const step = update ? add(builder, { kind: 'evaluate', expression: update, at, next: again }) : again;
    const inside = addScope(builder, body, inLoop(step, next, depth), at);
    return test ? addCondition(builder, test, { whenTrue: inside, whenFalse: next, at }) : inside;
  });
  return addList(builder, start, { ...context, next: head });
}

function addVariants(builder: Builder, current: StatementOf<'variants'>, context: Context): number {
  const targets = current.branches.map((branch) => addList(builder, branch.body, context));
  return addChoice(builder, current, targets, context.next);
}

function addChoice(
  builder: Builder,
  { branches, at }: StatementOf<'variants'>,
  targets: readonly number[],
  next: number,
): number {
  const labels = branches.map((branch) => branch.condition);
  const isComplete = labels.some((label) => label.startsWith('#else'));
  return add(builder, {
    kind: 'choose',
    key: labels[0] ?? '',
    labels: isComplete ? labels : [...labels, '#else'],
    targets: isComplete ? [...targets] : [...targets, next],
    at,
  });
}

function addGuard(builder: Builder, { expression, at }: StatementOf<'expression'>, next: number): number {
  if (expression.kind !== 'call' || expression.callee.kind !== 'call') return next;
  const [name] = expression.callee.arguments;
  return add(builder, {
    kind: 'guard',
    name: name?.kind === 'name' ? name.name : '',
    arguments: expression.arguments,
    at,
    next,
  });
}

function addMacroBlock(builder: Builder, current: StatementOf<'macro-block'>, { next, depth }: Context): number {
  const { macro, body, at } = current;
  if (isScopeMacro(macro)) return addScopedGuard(builder, current, next, depth);
  // `drm_exec_until_all_locked()`: the body runs once.
  if (/until|retry/.test(macro)) return addScope(builder, body, inLoop(next, next, depth), at);
  return addLoop(builder, at, (head) => {
    const round = { kind: 'round', macro, arguments: current.arguments, at } as const;
    const end = add(builder, { ...round, isEnd: true, next: head });
    const inside = addScope(builder, body, inLoop(end, next, depth), at);
    const start = add(builder, { ...round, isEnd: false, next: inside });
    const labels = ['another round', 'no more rounds'];
    const endsAttachments = passesAttachments(current) ? macro : null;
    const targets = [start, next];
    return add(builder, { kind: 'choose', key: null, labels, targets, locksAt: locksIn(body), endsAttachments, at });
  });
}

/** Whether a loop over the attachments of a buffer passes its cursor to a call that may detach it, as its name says. */
function passesAttachments({ arguments: given, body }: StatementOf<'macro-block'>): boolean {
  const isList = (one: Expression): boolean =>
    one.kind === 'unary' ? isList(one.operand) : one.kind === 'member' && one.member === attachmentList;
  if (!given.some(isList)) return false;
  const names = new Set(given.flatMap((one) => (one.kind === 'name' ? [one.name] : [])));
  return callsIn(body).some(
    ({ call }) =>
      call.callee.kind === 'name' &&
      releasesHoldings(call.callee.name) &&
      call.arguments.some((one) => one.kind === 'name' && names.has(one.name)),
  );
}

function locksIn(body: readonly Statement[]): readonly number[] {
  return callsIn(body)
    .filter(({ name }) => name !== null && lockFunctions.get(name)?.effect === 'take')
    .map(({ call }) => call.at);
}

/** `scoped_guard(mutex, &lock) { }` is a loop of one iteration: `break` leaves it. */
function addScopedGuard(builder: Builder, current: StatementOf<'macro-block'>, next: number, depth: number): number {
  const { macro, at } = current;
  const leave = add(builder, { kind: 'leave', depth, at, next });
  const loop: Loop = { onBreak: next, onContinue: next, depth };
  const inside = addList(builder, current.body, { next: leave, depth: depth + 1, loop });
  const [first, ...rest] = current.arguments;
  const name = first?.kind === 'name' ? first.name : macro;
  const guard = add(builder, { kind: 'guard', name, arguments: rest, at, next: inside });
  return add(builder, { kind: 'enter', at, next: guard });
}

function addSwitch(builder: Builder, current: StatementOf<'switch'>, { next, depth, loop }: Context): number {
  const cases: NodeOf<'switch'>['cases'][number][] = [];
  const inner: Loop = { onBreak: next, onContinue: loop.onContinue, depth };
  addCases(builder, current.body, { next, depth, loop: inner }, cases);
  const hasDefault = cases.some(({ value }) => value === null);
  if (!hasDefault) cases.push({ value: null, next });
  return add(builder, { kind: 'switch', subject: current.subject, hasDefault, cases, at: current.at });
}

/** Adds the body of a `switch`, the last statement first. A `case` may stand in a branch of an `#if`, too. */
function addCases(
  builder: Builder,
  body: readonly Statement[],
  context: Context,
  cases: NodeOf<'switch'>['cases'][number][],
): number {
  let { next } = context;
  for (const item of body.toReversed()) {
    if (item.kind === 'case') cases.unshift({ value: item.value, next });
    else if (
      item.kind === 'variants' &&
      item.branches.some((branch) => branch.body.some(({ kind }) => kind === 'case'))
    ) {
      const after = { ...context, next };
      const targets = item.branches.toReversed().map((branch) => addCases(builder, branch.body, after, cases));
      next = addChoice(builder, item, targets.reverse(), next);
    } else next = addStatement(builder, item, { ...context, next });
  }
  return next;
}
