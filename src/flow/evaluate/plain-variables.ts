import { type FunctionUnit, visitExpressions, visitStatements } from '../../c/index.js';

const plainType =
  /^(?:(?:const|static|volatile|unsigned|signed)\s+)*(?:int|bool|long|short|char|unsigned|size_t|ssize_t|loff_t|dma_addr_t|[us](?:8|16|32|64)|u?int(?:8|16|32|64)_t|__[us](?:8|16|32|64)|enum\s+\w+)\b/;

/** Whether a type is that of a number. */
export function isPlainType(type: string): boolean {
  return plainType.test(type);
}

const unsignedType =
  /^(?:const\s+)?(?:unsigned\b|bool\b|size_t\b|u(?:8|16|32|64)\b|__u(?:8|16|32|64)\b|uint(?:8|16|32|64)_t\b)[^*]*$/;

/** Whether a type is that of a number which is never negative. */
export function isUnsigned(type: string): boolean {
  return unsignedType.test(type.trim());
}

const plain = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/**
 * The names of the local variables that hold a number or a pointer. The address of such a variable is a value of its own,
 * since a callee may fill the variable through it; a struct and its address are one value.
 */
export function plainVariables(unit: FunctionUnit): ReadonlySet<string> {
  let names = plain.get(unit);
  if (!names) {
    const found = new Set<string>();
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'declaration' && (statement.pointer || plainType.test(statement.type)))
        found.add(statement.name);
    });
    for (const { name, type } of unit.parameters) if (type.includes('*') || plainType.test(type)) found.add(name);
    names = found;
    plain.set(unit, names);
  }
  return names;
}

const tracked = new WeakMap<FunctionUnit, ReadonlySet<string>>();

/**
 * The names of the local pointers of which it is known when they are assigned: no loop macro assigns them, and their
 * address is not taken.
 */
export function trackedPointers(unit: FunctionUnit): ReadonlySet<string> {
  let names = tracked.get(unit);
  if (!names) {
    const found = new Set<string>();
    const assignedElsewhere = new Set<string>();
    visitStatements(unit.body, (statement) => {
      if (statement.kind === 'declaration' && statement.pointer) found.add(statement.name);
      if (statement.kind === 'macro-block')
        for (const argument of statement.arguments) if (argument.kind === 'name') assignedElsewhere.add(argument.name);
    });
    visitExpressions(unit.body, (expression) => {
      if (expression.kind === 'unary' && expression.operator === '&' && expression.operand.kind === 'name')
        assignedElsewhere.add(expression.operand.name);
    });
    names = unit.unparsed.length > 0 ? new Set() : new Set([...found].filter((name) => !assignedElsewhere.has(name)));
    tracked.set(unit, names);
  }
  return names;
}
