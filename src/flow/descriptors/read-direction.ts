import type { Expression } from '../../c/index.js';
import { readDirection } from '../../kernel/index.js';
import type { CodePlace, Resource } from '../state/resource.js';
import { type State, stateWith } from '../state/state.js';

/**
 * `_IOC_DIR(cmd) & _IOC_READ`: whether the command of an ioctl() hands something out. One that makes a descriptor does, as
 * the constant in its definition says; the command is in no variable that the path knows. Where the answer is no, nothing is
 * said of descriptors.
 */
export function asksReadDirection(test: Expression): boolean {
  if (test.kind !== 'binary' || test.operator !== '&') return false;
  const flag = [test.left, test.right].find((side) => side.kind === 'name' && readDirection.flags.has(side.name));
  const other = flag === test.left ? test.right : test.left;
  return (
    flag !== undefined && (other.kind === 'name' || (other.kind === 'call' && isNamed(other.callee, readDirection.of)))
  );
}

/** The state in which user space counts as told of the descriptors that the path has made. */
export function withoutDescriptors(state: State, place: CodePlace): State {
  const end = { kind: 'copied-to-user', ...place } as const;
  const isOpen = ({ kind, status }: Resource): boolean => kind === 'fd' && status === 'held';
  if (!state.resources.some(isOpen)) return state;
  return stateWith(state, {
    resources: state.resources.map((one) => (isOpen(one) ? { ...one, status: 'given' as const, end } : one)),
  });
}

const isNamed = (callee: Expression, name: string): boolean => callee.kind === 'name' && callee.name === name;
