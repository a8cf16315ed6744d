import { type FunctionUnit, type Statement, visitExpressions, visitStatements } from '../../c/index.js';
import { isDirectionType } from '../../kernel/index.js';
import { questionsAhead, questionsAround } from '../configurations/questions-ahead.js';
import { numberOf } from '../evaluate/arithmetic.js';
import { buildGraph } from '../graph/build-graph.js';
import { lastUsesInLoops } from '../graph/last-uses.js';
import type { ControlFlowGraph, NodeOf } from '../graph/model.js';
import { repeatedTests } from '../graph/repeated-tests.js';
import { joinPoints } from '../graph/search.js';
import { type CallFrame, type Engine, outermostFrameId } from '../model/engine.js';
import type { FlowExit } from '../model/results.js';
import { guessesPast } from '../state/guess.js';
import { reachable } from '../state/heap.js';
import { PersistentMap } from '../state/persistent-map.js';
import type { Resource } from '../state/resource.js';
import {
  coarseSignature,
  exactSignature,
  repeatedAnswers,
  type SignatureOf,
  type SignaturePoint,
  signature,
} from '../state/signature.js';
import { type State, signsOf, stateWith } from '../state/state.js';
import { zero } from '../state/value.js';
import { type ConstantNameOf, knownOf } from '../state/watched.js';
import { type Joined, join, joinedBy } from './guesses.js';
import { exitsAt, transfer } from './transfer.js';

/**
 * A function whose paths take more steps is given up. A path passes the same join point so many times at most: with two, a
 * loop ends before its first round, after it, or within its second one.
 */
const mostAtFirst = { steps: 5000, visits: 2, exits: 32 } as const;
/** The same for a {@link SecondLook} that tells more states apart: a loop may end after two rounds, too. */
const mostExactly = { steps: 12_000, visits: 3, exits: 64 } as const;
/** The exits of a callee multiply the paths of its callers; those of the function itself cost no more than their steps. */
const mostOutermostExits = 256;
/** After so many steps, states that differ in little count as equal. */
const mostExactSteps = 400;
/** After so many exits, exits that differ in little count as equal. */
const mostExactExits = 8;

/** A path that has come to a node. */
interface Path {
  readonly node: number;
  readonly state: State;
  /** How often it has passed each join point. */
  readonly visits: PersistentMap<number, number>;
  /** How many join points it has passed a second time. */
  readonly rounds: number;
}

/** The exits found so far, and the signatures of those. */
interface Exits {
  readonly found: FlowExit[];
  readonly signatures: Map<string, Joined | null>;
  /** Whether they are those of the function that is followed, and not of a callee. */
  readonly isOutermost: boolean;
}

/**
 * Follows every path of a graph from a state, depth first, and further rounds of loops after all else: of two paths in one
 * state, the one with more rounds before it is the one that is left, since it is cut sooner. Two paths that come to a join point with the same signature
 * are followed as one.
 * @param reached gets the nodes that paths come to; null for a callee or a statement expression
 * @returns the exits that differ; a budget that ran out is recorded in the engine
 */
export function explore(
  engine: Engine,
  graph: ControlFlowGraph,
  start: State,
  frame: CallFrame,
  reached: Set<number> | null = null,
): readonly FlowExit[] {
  const { budget } = engine;
  const most = mostOf(engine);
  const exits: Exits = { found: [], signatures: new Map(), isOutermost: reached !== null };
  const seen = new Map<string, Joined | null>();
  const joins = joinPoints(graph);
  const repeated = [...repeatedAnswers(frame.id, repeatedTests(graph)), ...questionsAhead(engine, graph, frame)];
  const known = usesOf(frame.unit);
  const uses = engine.again ? { ...known, lastUses: lastUsesInLoops(graph, known.lastUses) } : known;
  const open: Path[][] = [];
  add(open, { node: graph.entry, state: start, visits: new PersistentMap(), rounds: 0 });
  for (let path = take(open); path; path = take(open)) {
    if (++budget.steps > most.steps) {
      budget.incomplete ??= `more than ${most.steps} steps`;
      break;
    }
    const node = graph.nodes[path.node];
    if (!node) continue;
    reached?.add(path.node);
    let { visits, rounds, state: before } = path;
    if (joins.has(path.node)) {
      const count = (visits.get(path.node) ?? 0) + 1;
      if (count > most.visits) continue;
      if (count > 1) rounds++;
      visits = (engine.again && count > 1 ? withoutInner(visits, path.node) : visits).with(path.node, count);
      const point = { frame: frame.id, ...uses, repeated, at: node.at };
      const key = `${path.node}|${signatureFor(engine)(path.state, point)}`;
      const same = seen.get(key);
      if (same !== undefined) {
        join(engine, same, path.state);
        continue;
      }
      before = pastJoin(path.state);
      seen.set(key, joinedBy(engine, before));
    }
    if (node.kind === 'return') addExits(engine, exits, node, before, frame);
    else
      for (const [state, to] of transfer(engine, node, before, frame))
        if (to >= 0) add(open, { node: to, state, visits, rounds });
  }
  return exits.found;
}

/** The state of a path that has come to a join point. */
function pastJoin(state: State): State {
  return state.guesses.length === 0 ? state : stateWith(state, { guesses: guessesPast(state.guesses) });
}

/** The visits of join points before a loop goes round: those within it begin anew. */
function withoutInner(visits: Path['visits'], head: number): Path['visits'] {
  const before = new Map<number, number>();
  for (const [node, count] of visits) {
    if (node === head) break;
    before.set(node, count);
  }
  return new PersistentMap(before);
}

/** Adds a path to those that are still to be followed, which stand by their number of rounds. */
function add(open: Path[][], path: Path): void {
  const same = open[path.rounds];
  if (same) same.push(path);
  else open[path.rounds] = [path];
}

/** Takes the path added last among those with the fewest rounds; undefined where none is left. */
function take(open: readonly (Path[] | undefined)[]): Path | undefined {
  for (const paths of open) if (paths && paths.length > 0) return paths.pop();
  return undefined;
}

function signatureFor(engine: Engine): SignatureOf {
  const { again, locks, budget } = engine;
  if (again?.isExact) return exactSignature((value) => numberOf(engine, value));
  return withWatched(engine, locks || budget.steps > mostExactSteps ? coarseSignature : signature);
}

/** A signature that also tells what a path knows of the operands that the engine watches. */
function withWatched(engine: Engine, signatureOf: SignatureOf): SignatureOf {
  const { again } = engine;
  if (!again || again.watched.length === 0) return signatureOf;
  const names = constantNames(engine);
  return (state, point) => `${signatureOf(state, point)}|${knownOf(state, again.watched, outermostFrameId, names)}`;
}

/** The bounds of a search. */
const mostOf = ({ again }: Engine): typeof mostAtFirst | typeof mostExactly =>
  again && (again.isExact || again.watched.length > 0) ? mostExactly : mostAtFirst;

/** Names the values that are the same on all paths. */
function constantNames(engine: Engine): ConstantNameOf {
  return (value) => {
    const number = numberOf(engine, value);
    return number === undefined ? engine.globals.get(value) : `#${number}`;
  };
}

/** Adds the exits of one return, without those that a caller cannot tell from exits found before. */
function addExits(engine: Engine, exits: Exits, node: NodeOf<'return'>, state: State, frame: CallFrame): void {
  for (const exit of exitsAt(engine, node, state, frame)) {
    // A caller needs all that is known of its values; of the function itself only what it holds matters.
    const key = exits.isOutermost
      ? heldSignature(exit, engine.tellsNull)
      : callerSignature(engine, exit, exits.found.length, frame);
    const same = exits.signatures.get(key);
    if (same !== undefined) {
      join(engine, same, exit.state);
      continue;
    }
    const most = exits.isOutermost ? mostOutermostExits : mostOf(engine).exits;
    if (exits.found.length >= most) {
      engine.budget.incomplete ??= `more than ${most} exits of ${frame.unit.name}()`;
      continue;
    }
    const left = pastJoin(exit.state);
    exits.signatures.set(key, joinedBy(engine, left));
    exits.found.push({ ...exit, state: left });
  }
}

function heldSignature({ outcome, state, at, value }: FlowExit, tellsNull: boolean): string {
  const isHeld = ({ kind, status }: Resource): boolean => kind !== 'lock' && status === 'held';
  const returned = value !== null && state.resources.some(isHeld) ? reachable(state, [value]) : null;
  const held = state.resources.map(
    (resource) =>
      `${resource.at}${resource.status}${state.shared.has(resource.handle)}${resource.failedAfter ? 'failed' : ''}${isHeld(resource) && returned?.has(resource.handle) ? 'returned' : ''}`,
  );
  const isNull = tellsNull && value !== null && signsOf(state, value) === zero;
  return `${outcome}${isNull ? 'null' : ''}${held.join()}${at}`;
}

const noUses: Uses = { lastUses: new Map(), declarations: new Map() };

function callerSignature(engine: Engine, exit: FlowExit, count: number, frame: CallFrame): string {
  const signatureOf = count < mostExactExits ? signatureFor(engine) : withWatched(engine, coarseSignature);
  const repeated = questionsAround(engine, frame.from);
  const point = { frame: frame.id, ...noUses, repeated, at: Number.POSITIVE_INFINITY };
  // The directions that a function chooses between differ in nothing but their names.
  const isNamed = engine.again !== null || isDirectionType(frame.ref.outline.returnType);
  const constant = isNamed && exit.value !== null ? (constantNames(engine)(exit.value) ?? '') : '';
  const result = exit.value === null ? 'void' : `${exit.outcome}${signsOf(exit.state, exit.value)}${constant}`;
  return signatureOf(exit.state, point) + result;
}

type Uses = Pick<SignaturePoint, 'lastUses' | 'declarations'>;

const knownUses = new WeakMap<FunctionUnit, Uses>();

/** The last offset at which each name stands in a function, and the first at which each variable is declared. */
function usesOf(unit: FunctionUnit): Uses {
  let uses = knownUses.get(unit);
  if (!uses) {
    const lastUses = new Map<string, number>();
    const declarations = new Map<string, number>();
    visitExpressions(unit.body, (expression) => {
      if (expression.kind === 'name')
        lastUses.set(expression.name, Math.max(lastUses.get(expression.name) ?? 0, expression.at));
    });
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'declaration')
        declarations.set(statement.name, Math.min(declarations.get(statement.name) ?? statement.at, statement.at));
    });
    for (const { name } of unit.parameters) declarations.delete(name);
    uses = { lastUses, declarations };
    knownUses.set(unit, uses);
  }
  return uses;
}

const blockGraphs = new WeakMap<readonly Statement[], ControlFlowGraph>();

/** The graph of a statement expression, `({ …; x; })`: it returns the value of its last statement. */
export function blockGraph(body: readonly Statement[]): ControlFlowGraph {
  let graph = blockGraphs.get(body);
  if (!graph) {
    const last = body.at(-1);
    const whole: readonly Statement[] =
      last?.kind === 'expression'
        ? [...body.slice(0, -1), { kind: 'return', value: last.expression, at: last.at }]
        : body;
    graph = buildGraph(whole, last?.at ?? 0);
    blockGraphs.set(body, graph);
  }
  return graph;
}
