import type { Expression, Statement } from '../../c/index.js';

/** What an accessor in a function expands to: the statements, or undefined where they cannot be parsed. */
export type LowerUse = (use: Expression & { kind: 'call' }) => readonly Statement[] | undefined;

/**
 * A body in which each use of an accessor is what it expands to: the expression, or, where the use is a statement of its
 * own, also several statements.
 * @param isAccessor whether a name is that of an accessor
 */
export function expandAccessors(
  body: readonly Statement[],
  isAccessor: (name: string) => boolean,
  lower: LowerUse,
): readonly Statement[] {
  const useIn = (data: unknown): (Expression & { kind: 'call' }) | undefined => {
    const one = data as Expression;
    return one?.kind === 'call' && one.callee?.kind === 'name' && isAccessor(one.callee.name) ? one : undefined;
  };
  const visit = (data: unknown): unknown => {
    if (Array.isArray(data)) return data.flatMap(visitItem);
    if (data === null || typeof data !== 'object') return data;
    const use = useIn(data);
    const [only, ...others] = (use && lower(use)) ?? [];
    if (only?.kind === 'expression' && others.length === 0) return only.expression;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, visit(value)]));
  };
  const visitItem = (item: unknown): readonly unknown[] => {
    const statement = item as Statement;
    const use = statement?.kind === 'expression' ? useIn(statement.expression) : undefined;
    return (use && lower(use)) ?? [visit(item)];
  };
  return visit(body) as readonly Statement[];
}
