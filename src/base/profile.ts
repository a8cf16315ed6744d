/** Where the time of a run goes. */
export type Phase = 'walk' | 'search' | 'prepare' | 'parse' | 'lower' | 'link' | 'flow' | 'rules' | 'report';

interface Frame {
  readonly phase: Phase;
  inner: number;
}

/** Milliseconds by phase; undefined where nobody asked. */
let spent: Map<Phase, number> | undefined;
const frames: Frame[] = [];

/** From here on time is counted. */
export function startProfile(): void {
  spent = new Map();
}

/** Does some work, and counts its time, without that of other phases within it. */
export function during<T>(phase: Phase, work: () => T): T {
  if (!spent) return work();
  const frame: Frame = { phase, inner: 0 };
  frames.push(frame);
  const started = performance.now();
  try {
    return work();
  } finally {
    const took = performance.now() - started;
    frames.pop();
    const around = frames.at(-1);
    if (around) around.inner += took;
    add(phase, took - frame.inner);
  }
}

/** Waits for what other threads do: what this one does meanwhile is counted where it belongs, too. */
export async function waitingFor<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
  if (!spent) return await work();
  const started = performance.now();
  try {
    return await work();
  } finally {
    add(phase, performance.now() - started);
  }
}

function add(phase: Phase, milliseconds: number): void {
  spent?.set(phase, (spent.get(phase) ?? 0) + milliseconds);
}

/** A line for each phase, the longest first; what is left is loading, reading and waiting. Milliseconds. */
export function profileLines(total: number): readonly string[] {
  const rows = [...(spent ?? [])].sort(([, one], [, other]) => other - one);
  const line = (name: string, milliseconds: number): string =>
    `${name.padEnd(8)} ${milliseconds.toFixed(0).padStart(7)} ms ${((100 * milliseconds) / total).toFixed(0).padStart(3)} %\n`;
  return [...rows.map(([phase, milliseconds]) => line(phase, milliseconds)), line('in all', total)];
}
