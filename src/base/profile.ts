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
  | 'report';

interface Frame {
  readonly phase: Phase;
  inner: number;
}

/** Where the time of one run goes. */
export interface Profile {
  /** Milliseconds by phase. */
  readonly spent: Map<Phase, number>;
  /** The phases that are running, each within the one before it. */
  readonly frames: Frame[];
}

/** Several commands may run in one process at the same time: each counts its own time. */
const profiles = new AsyncLocalStorage<Profile>();

export function createProfile(): Profile {
  return { spent: new Map(), frames: [] };
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

/** A line for each phase, the longest first; the rest of `total` is loading, reading and waiting. Milliseconds. */
export function profileLines({ spent }: Profile, total: number): readonly string[] {
  const rows = [...spent].sort(([, one], [, other]) => other - one);
  const line = (name: string, milliseconds: number): string =>
    `${name.padEnd(8)} ${milliseconds.toFixed(0).padStart(7)} ms ${((100 * milliseconds) / total).toFixed(0).padStart(3)} %\n`;
  return [...rows.map(([phase, milliseconds]) => line(phase, milliseconds)), line('in all', total)];
}
