import { AsyncLocalStorage } from 'node:async_hooks';

/** A stage of a run whose time is counted. */
export type Phase =
  | 'walk'
  | 'search'
  | 'answers'
  | 'prepare'
  | 'parse'
  | 'lower'
  | 'link'
  | 'flow'
  | 'rules'
  | 'wait'
  | 'report';

interface Frame {
  readonly phase: Phase;
  inner: number;
}

/** What a rule takes, in milliseconds, without the questions that it asks of the model. */
interface RuleCost {
  own: number;
  readonly asked: Set<string>;
}

/** Where the time of one run goes. */
export interface Profile {
  /** Milliseconds by phase. */
  readonly spent: Map<Phase, number>;
  /** The same in threads that did a part of the work. */
  readonly elsewhere: Map<Phase, number>;
  /** Milliseconds that the answer to each question of the model took, in all threads. It is made once, for all rules. */
  readonly questions: Map<string, number>;
  readonly rules: Map<string, RuleCost>;
  /** The phases that are running, each within the one before it. */
  readonly frames: Frame[];
}

/** Several commands may run in one process at the same time: each counts its own time. */
const profiles = new AsyncLocalStorage<Profile>();

export function createProfile(): Profile {
  return { spent: new Map(), elsewhere: new Map(), questions: new Map(), rules: new Map(), frames: [] };
}

/** Runs some work, and counts in `profile` the time of its phases. */
export function profiled<T>(profile: Profile, work: () => Promise<T>): Promise<T> {
  return profiles.run(profile, work);
}

/** Does some work, and counts its time, without the time of other phases within it. */
export function during<T>(phase: Phase, work: () => T): T {
  const profile = profiles.getStore();
  if (!profile) return work();
  const frame: Frame = { phase, inner: 0 };
  profile.frames.push(frame);
  const started = performance.now();
  try {
    return work();
  } finally {
    const took = performance.now() - started;
    profile.frames.pop();
    const around = profile.frames.at(-1);
    if (around) around.inner += took;
    add(profile, phase, took - frame.inner);
  }
}

/** Waits for work that other threads do. What this thread does meanwhile counts for its own phase, too. */
export async function waitingFor<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
  const profile = profiles.getStore();
  if (!profile) return await work();
  const started = performance.now();
  try {
    return await work();
  } finally {
    add(profile, phase, performance.now() - started);
  }
}

function add({ spent }: Profile, phase: Phase, milliseconds: number): void {
  spent.set(phase, (spent.get(phase) ?? 0) + milliseconds);
}

/** The rule that runs. A rule does not wait for anything. */
let running: RuleCost | undefined;

/** Lets a rule work, and counts its time, without that of the questions that it asks of the model. */
export function ofRule<T>(rule: string, work: () => T): T {
  const profile = profiles.getStore();
  if (!profile) return work();
  const cost = profile.rules.get(rule) ?? { own: 0, asked: new Set<string>() };
  profile.rules.set(rule, cost);
  running = cost;
  const started = performance.now();
  try {
    return work();
  } finally {
    cost.own += performance.now() - started;
    running = undefined;
  }
}

/** Answers a question of the model, which may have been answered before, and counts the time for the question. */
export function ofQuestion<T>(question: string, answer: () => T): T {
  const profile = profiles.getStore();
  if (!profile) return answer();
  const rule = running;
  const started = performance.now();
  try {
    return answer();
  } finally {
    const took = performance.now() - started;
    addToQuestion(question, took);
    rule?.asked.add(question);
    if (rule) rule.own -= took;
  }
}

/** Counts further time for a question of the model. */
export function addToQuestion(question: string, milliseconds: number): void {
  const questions = profiles.getStore()?.questions;
  questions?.set(question, (questions.get(question) ?? 0) + milliseconds);
}

/** Counts what another thread has spent, by phase. */
export function addElsewhere(spent: ReadonlyMap<Phase, number>): void {
  const elsewhere = profiles.getStore()?.elsewhere;
  for (const [phase, milliseconds] of spent) elsewhere?.set(phase, (elsewhere.get(phase) ?? 0) + milliseconds);
}

/**
 * A line for each phase, the longest first; the rest of `total` is loading, reading and waiting. Where rules ran, a line for
 * each follows, with all that it asks of the model. Milliseconds.
 */
export function profileLines(profile: Profile, total: number): readonly string[] {
  const { spent, elsewhere } = profile;
  const phases = [...new Set([...spent.keys(), ...elsewhere.keys()])];
  const rows = phases
    .map((phase) => ({ phase, here: spent.get(phase) ?? 0, there: elsewhere.get(phase) ?? 0 }))
    .sort((one, other) => other.here - one.here);
  const line = (name: string, here: number, there: number): string =>
    `${name.padEnd(8)} ${here.toFixed(0).padStart(7)} ms ${((100 * here) / total).toFixed(0).padStart(3)} %` +
    `${there >= 1 ? `, and ${there.toFixed(0)} ms in other threads` : ''}\n`;
  return [
    ...rows.map(({ phase, here, there }) => line(phase, here, there)),
    line('in all', total, 0),
    ...ruleLines(profile),
  ];
}

function ruleLines({ rules, questions }: Profile): readonly string[] {
  if (rules.size === 0) return [];
  const costs = [...rules].map(([rule, { own, asked }]) => {
    const ofQuestions = [...asked].reduce((sum, question) => sum + (questions.get(question) ?? 0), 0);
    return { rule, cost: own + ofQuestions };
  });
  const told = costs.filter(({ cost }) => cost >= 1).sort((one, other) => other.cost - one.cost);
  const width = Math.max(0, ...told.map(({ rule }) => rule.length));
  const others = costs.length - told.length;
  return [
    '\nby rule, each with all that it asks; several ask the same, which is done once:\n',
    ...told.map(({ rule, cost }) => `${rule.padEnd(width)} ${cost.toFixed(0).padStart(7)} ms\n`),
    ...(others > 0 ? [`${others} other ${others === 1 ? 'rule' : 'rules'}: less than 1 ms each\n`] : []),
  ];
}
