import type { CallExpression, Expression, Statement } from '../../c/index.js';

/** One step of a function's control flow. Successors are indices into the graph. */
export type FlowNode =
  | { readonly kind: 'evaluate'; readonly expression: Expression; readonly at: number; next: number }
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type: string;
      readonly pointer: boolean;
      readonly value: Expression | null;
      /** The x of `__free(x)`. */
      readonly cleanup: string | null;
      readonly at: number;
      next: number;
    }
  | { readonly kind: 'test'; readonly test: Expression; readonly at: number; whenTrue: number; whenFalse: number }
  /** One of the ways is taken; that without a value is the default, or the way around all cases. */
  | {
      readonly kind: 'switch';
      readonly subject: Expression;
      readonly cases: readonly { readonly value: Expression | null; readonly next: number }[];
      readonly at: number;
    }
  /** Any of the ways may be taken. With a key, the same choice is made wherever the key stands again. */
  | {
      readonly kind: 'choose';
      readonly key: string | null;
      readonly labels: readonly string[];
      readonly ways: number[];
      readonly at: number;
    }
  /** A loop macro starts a round: what it assigns is not known any more. */
  | {
      readonly kind: 'round';
      readonly macro: string;
      readonly arguments: readonly Expression[];
      readonly at: number;
      next: number;
    }
  /** `guard(x)(…)` or `scoped_guard(x, …)`: released when the scope is left. */
  | {
      readonly kind: 'guard';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly at: number;
      next: number;
    }
  | { readonly kind: 'enter'; readonly at: number; next: number }
  /** Leaves scopes until so many are open. */
  | { readonly kind: 'leave'; readonly depth: number; readonly at: number; next: number }
  | { readonly kind: 'return'; readonly value: Expression | null; readonly at: number }
  | { readonly kind: 'unparsed'; readonly at: number; next: number };

export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly entry: number;
}

interface Loop {
  readonly onBreak: number | null;
  readonly onContinue: number | null;
  readonly depth: number;
}

/** Builds the graph of a body from its statements. Every `#if` branch is a way of its own. */
export function buildGraph(body: readonly Statement[], end: number): FlowGraph {
  const nodes: FlowNode[] = [];
  const labels = new Map<string, number>();
  const labelDepths = new Map<string, number>();
  const jumps: {
    readonly leave: Extract<FlowNode, { kind: 'leave' }>;
    readonly node: number;
    readonly label: string;
  }[] = [];
  const add = (node: FlowNode): number => nodes.push(node) - 1;

  /** Builds statements so that they go on to `next`; returns where they begin. Built backwards. */
  const list = (statements: readonly Statement[], next: number, depth: number, loop: Loop): number => {
    let follow = next;
    for (let index = statements.length - 1; index >= 0; index--) {
      const current = statements[index];
      if (current) follow = statement(current, follow, depth, loop);
    }
    return follow;
  };

  const scope = (statements: readonly Statement[], next: number, depth: number, loop: Loop, at: number): number => {
    if (!statements.some((inner) => inner.kind === 'declaration' || isGuard(inner)))
      return list(statements, next, depth, loop);
    const leave = add({ kind: 'leave', depth, at, next });
    const inside = list(statements, leave, depth + 1, loop);
    return add({ kind: 'enter', at, next: inside });
  };

  const branch = (test: Expression, whenTrue: number, whenFalse: number, at: number): number => {
    if (test.kind === 'binary' && test.operator === '&&')
      return branch(test.left, branch(test.right, whenTrue, whenFalse, at), whenFalse, at);
    if (test.kind === 'binary' && test.operator === '||')
      return branch(test.left, whenTrue, branch(test.right, whenTrue, whenFalse, at), at);
    if (test.kind === 'unary' && test.operator === '!') return branch(test.operand, whenFalse, whenTrue, at);
    const inner = transparentArgument(test);
    if (inner) return branch(inner, whenTrue, whenFalse, at);
    return add({ kind: 'test', test, at, whenTrue, whenFalse });
  };

  const jump = (label: string, at: number): number => {
    const leave: Extract<FlowNode, { kind: 'leave' }> = { kind: 'leave', depth: 0, at, next: -1 };
    const node = add(leave);
    jumps.push({ leave, node, label });
    return node;
  };

  const loopNode = (build: (head: number) => number, at: number): number => {
    const head = add({ kind: 'choose', key: null, labels: [''], ways: [], at });
    const first = build(head);
    const node = nodes[head];
    if (node?.kind === 'choose') node.ways.push(first);
    return head;
  };

  const statement = (current: Statement, next: number, depth: number, loop: Loop): number => {
    const { at } = current;
    switch (current.kind) {
      case 'expression':
        if (isGuard(current)) return guardNode(current, next);
        if (isReturnOfPointer(current.expression))
          return add({ kind: 'return', value: { ...current.expression, callee: noFreePointer(at) }, at });
        return add({ kind: 'evaluate', expression: current.expression, at, next });
      case 'declaration':
        return add({ ...current, kind: 'declare', next });
      case 'block':
        return scope(current.body, next, depth, loop, at);
      case 'if':
        return branch(
          current.test,
          scope(current.then, next, depth, loop, at),
          scope(current.otherwise, next, depth, loop, at),
          at,
        );
      case 'while':
        return loopNode(
          (head) =>
            branch(
              current.test,
              scope(current.body, head, depth, { onBreak: next, onContinue: head, depth }, at),
              next,
              at,
            ),
          at,
        );
      case 'do':
        return loopNode((head) => {
          const test = branch(current.test, head, next, at);
          return scope(current.body, test, depth, { onBreak: next, onContinue: test, depth }, at);
        }, at);
      case 'for': {
        const head = loopNode((again) => {
          const update = current.update
            ? add({ kind: 'evaluate', expression: current.update, at, next: again })
            : again;
          const inside = scope(current.body, update, depth, { onBreak: next, onContinue: update, depth }, at);
          return current.test ? branch(current.test, inside, next, at) : inside;
        }, at);
        return list(current.start, head, depth, loop);
      }
      case 'macro-block':
        return macroBlock(current, next, depth);
      case 'switch':
        return switchNode(current, next, depth, loop);
      case 'variants': {
        const ways = current.branches.map((variant) => list(variant.body, next, depth, loop));
        const names = current.branches.map((variant) => variant.condition);
        const isComplete = names.some((name) => name.startsWith('#else'));
        return add({
          kind: 'choose',
          key: names[0] ?? '',
          labels: isComplete ? names : [...names, '#else'],
          ways: isComplete ? ways : [...ways, next],
          at,
        });
      }
      case 'label': {
        const node = add({ kind: 'choose', key: null, labels: [''], ways: [next], at });
        labels.set(current.name, node);
        labelDepths.set(current.name, depth);
        return node;
      }
      case 'goto':
        return jump(current.label, at);
      case 'return':
        return add({ kind: 'return', value: current.value, at });
      case 'break':
        return loop.onBreak === null ? next : add({ kind: 'leave', depth: loop.depth, at, next: loop.onBreak });
      case 'continue':
        return loop.onContinue === null ? next : add({ kind: 'leave', depth: loop.depth, at, next: loop.onContinue });
      case 'case':
        return next;
      case 'unparsed':
        return add({ kind: 'unparsed', at, next });
    }
  };

  const guardNode = (current: Extract<Statement, { kind: 'expression' }>, next: number): number => {
    const { expression } = current;
    if (expression.kind !== 'call' || expression.callee.kind !== 'call') return next;
    const [name] = expression.callee.arguments;
    return add({
      kind: 'guard',
      name: name?.kind === 'name' ? name.name : '',
      arguments: expression.arguments,
      at: current.at,
      next,
    });
  };

  const macroBlock = (current: Extract<Statement, { kind: 'macro-block' }>, next: number, depth: number): number => {
    const { macro, at } = current;
    if (isScopeMacro(macro)) {
      const leave = add({ kind: 'leave', depth, at, next });
      // scoped_guard is a loop of one round: break leaves it.
      const inside = list(current.body, leave, depth + 1, { onBreak: next, onContinue: next, depth });
      const [name, ...rest] = current.arguments;
      const guard = add({
        kind: 'guard',
        name: name?.kind === 'name' ? name.name : macro,
        arguments: rest,
        at,
        next: inside,
      });
      return add({ kind: 'enter', at, next: guard });
    }
    if (/until|retry/.test(macro))
      return scope(current.body, next, depth, { onBreak: next, onContinue: next, depth }, at);
    return loopNode((head) => {
      const inside = scope(current.body, head, depth, { onBreak: next, onContinue: head, depth }, at);
      const round = add({ kind: 'round', macro, arguments: current.arguments, at, next: inside });
      return add({ kind: 'choose', key: null, labels: ['another round', 'no more rounds'], ways: [round, next], at });
    }, at);
  };

  const switchNode = (
    current: Extract<Statement, { kind: 'switch' }>,
    next: number,
    depth: number,
    loop: Loop,
  ): number => {
    const cases: { readonly value: Expression | null; readonly next: number }[] = [];
    let follow = next;
    const inner: Loop = { onBreak: next, onContinue: loop.onContinue, depth };
    for (let index = current.body.length - 1; index >= 0; index--) {
      const item = current.body[index];
      if (!item) continue;
      if (item.kind === 'case') cases.unshift({ value: item.value, next: follow });
      else follow = statement(item, follow, depth, inner);
    }
    if (cases.every(({ value }) => value !== null)) cases.push({ value: null, next });
    return add({ kind: 'switch', subject: current.subject, cases, at: current.at });
  };

  const exit = add({ kind: 'return', value: null, at: end });
  const entry = list(body, exit, 0, { onBreak: null, onContinue: null, depth: 0 });
  for (const { node, label } of jumps) {
    const target = labels.get(label) ?? exit;
    nodes[node] = { kind: 'leave', depth: labelDepths.get(label) ?? 0, at: nodes[node]?.at ?? end, next: target };
  }
  return { nodes, entry };
}

function isScopeMacro(macro: string): boolean {
  return /guard/i.test(macro) && !/for_each/.test(macro);
}

/** `guard(mutex)(&x->lock);` */
function isGuard(statement: Statement): boolean {
  return (
    statement.kind === 'expression' &&
    statement.expression.kind === 'call' &&
    statement.expression.callee.kind === 'call' &&
    statement.expression.callee.callee.kind === 'name' &&
    /guard$/.test(statement.expression.callee.callee.name)
  );
}

/** `return_ptr(x)` is a return. */
function isReturnOfPointer(expression: Expression): expression is CallExpression {
  return expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === 'return_ptr';
}

function noFreePointer(at: number): Expression {
  return { kind: 'name', name: 'no_free_ptr', at };
}

/** Macros that are as true as one of their arguments, and which one that is. */
const transparentMacros: readonly { readonly name: RegExp; readonly argument: number }[] = [
  { name: /^(?:un)?likely$|^READ_ONCE$|^WARN_ON(?:_ONCE)?$|^WARN(?:_ONCE|_RATELIMIT)?$|^XE_WARN_ON$/, argument: 0 },
  { name: /^(?:GEM|KMSG|I915|XE|DRM)_WARN_ON(?:_ONCE)?$/, argument: 0 },
  { name: /^drm_WARN(?:_ON)?(?:_ONCE)?$/, argument: 1 },
];

/** `likely(x)`, `WARN_ON(x)`, `drm_WARN_ON(dev, x)`: as true as what they hold. */
export function transparentArgument(test: Expression): Expression | undefined {
  if (test.kind === 'cast') return test.operand;
  if (test.kind !== 'call' || test.callee.kind !== 'name') return undefined;
  const { name } = test.callee;
  const known = transparentMacros.find((macro) => macro.name.test(name));
  return known && test.arguments[known.argument];
}

/** Nodes that more than one way leads to: there paths that know the same are followed once. */
export function joinsOf(graph: FlowGraph): ReadonlySet<number> {
  // The entry is come to from outside, too.
  const counts = new Map<number, number>([[graph.entry, 1]]);
  for (const node of graph.nodes) for (const to of successors(node)) counts.set(to, (counts.get(to) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1).map(([node]) => node));
}

function successors(node: FlowNode): readonly number[] {
  switch (node.kind) {
    case 'test':
      return [node.whenTrue, node.whenFalse];
    case 'switch':
      return node.cases.map(({ next }) => next);
    case 'choose':
      return node.ways;
    case 'return':
      return [];
    default:
      return [node.next];
  }
}
