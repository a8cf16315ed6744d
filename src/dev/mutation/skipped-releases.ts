import { type FunctionUnit, visitStatements } from '../../c/index.js';

/** A jump to a label after which something is released. */
export interface ReleasingJump {
  /** The offset of the `goto`. */
  readonly at: number;
  readonly label: string;
  /** The next label further down that releases less; null where there is none. */
  readonly next: string | null;
}

/**
 * Finds the forward jumps to labels that release something. A jump too far down, or a return in place of the jump, skips
 * the release.
 * @param releases the offsets of the calls that release
 */
export function releasesSkipped(unit: FunctionUnit, releases: readonly number[]): readonly ReleasingJump[] {
  const labels: { readonly name: string; readonly at: number }[] = [];
  const jumps: { readonly label: string; readonly at: number }[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'label') labels.push(statement);
    if (statement.kind === 'goto') jumps.push(statement);
  });
  return jumps.flatMap(({ label, at }) => {
    const target = labels.find(({ name }) => name === label);
    if (!target || target.at < at || !releases.some((release) => release > target.at)) return [];
    const next = labels.find((one) => releases.some((release) => target.at < release && release < one.at));
    return [{ at, label, next: next?.name ?? null }];
  });
}
