// Which buffer does a call give to a descriptor, or put, and is the buffer kept all the same?

import { type CallExpression, callsIn, type Expression, type Statement } from '../../../c/index.js';
import { type FunctionFlow, objectOfKey, type Resource, reachable } from '../../../flow/index.js';
import { changesList, fileFunctions, fileInstall, roleOf } from '../../../kernel/index.js';
import { assignmentsOf, type Codebase, type FunctionRef, functionKey } from '../../../program/index.js';
import { mayRunAfter } from '../../owners/errors/given-up.js';
import { type HeldMember, withoutCasts } from '../../owners/members.js';

/** The buffer for which a call makes a descriptor: of `dma_buf_fd(x, …)`, `fd_install(fd, x->file)`. */
export function describedBuffer(name: string | null, call: CallExpression): Expression | undefined {
  const [first, second] = call.arguments;
  if (name === fileInstall) return bufferOfFile(second);
  const role = roleOf(name ?? '');
  return role === 'fd' || role === 'fd-install' ? first : undefined;
}

/** The buffer that a call puts: of `dma_buf_put(x)`, `fput(x->file)`. */
export function putBuffer(name: string | null, call: CallExpression): Expression | undefined {
  const [first] = call.arguments;
  if (name === null) return undefined;
  if (roleOf(name) === 'put') return first;
  return fileFunctions.get(name) === 'put' ? bufferOfFile(first) : undefined;
}

function bufferOfFile(file: Expression | undefined): Expression | undefined {
  return file?.kind === 'member' && file.member === 'file' ? file.object : undefined;
}

/**
 * Whether a function gives a descriptor its only reference of a buffer that it leaves in a member for others: that of an
 * object on a list, as a rule.
 * @param at the call that makes the descriptor
 */
export function keepsGiven({ exits }: FunctionFlow, at: number, { member }: HeldMember): boolean {
  return exits.some(({ state, outcome }) => {
    const { resources, heap, freed, shared } = state;
    const made = resources.find((one) => one.kind === 'fd' && one.at === at);
    if (outcome === 'error' || !made) return false;
    const references = resources.filter((one) => one.kind === 'reference' && one.handle === made.of);
    const [only, ...others] = references;
    if (only?.count !== 1 || others.length > 0 || !wentToDescriptor(only)) return false;
    const known = reachable(state, [...shared.keys()]);
    return [...heap].some(([place, value]) => {
      const object = objectOfKey(place);
      const isPlace = value === made.of && place === `${object}.${member}`;
      return isPlace && known.has(object) && !freed.has(object);
    });
  });
}

/** Whether a reference went to a descriptor, also where the object that has the buffer was put on a list before. */
function wentToDescriptor({ status, end }: Resource): boolean {
  if (status !== 'given') return false;
  return end?.kind === 'given-to-descriptor' || (end?.kind === 'passed' && changesList(end.to ?? ''));
}

/** The statements after which the next one always runs, or of which the last one is. */
const straight: readonly Statement['kind'][] = ['expression', 'declaration', 'return'];

/** Whether a function puts a buffer whatever it finds: the call is a statement, and nothing in it branches. */
export function putsAlways({ program }: Codebase, putter: FunctionRef, { at }: CallExpression): boolean {
  const { body } = program.lower(putter);
  return (
    body.every(({ kind }) => straight.includes(kind)) &&
    body.some((one) => one.kind === 'expression' && one.expression.at === at)
  );
}

/**
 * Whether each caller of a function that puts calls the giver as well, and puts only where it may have made no descriptor:
 * not after the giver, or by a test.
 */
export function isCalledWithGiver({ program, references }: Codebase, putter: FunctionRef, giver: FunctionRef): boolean {
  const callers = references.callersOf(putter);
  const isWithGiver = (caller: FunctionRef): boolean => {
    if (functionKey(caller) === functionKey(giver)) return true;
    const unit = program.lower(caller);
    const calls = callsIn(unit.body);
    const given = calls.filter(({ name }) => name === giver.outline.name);
    const put = calls.flatMap(({ name, call, around }) =>
      name === putter.outline.name && around.every(({ kind }) => kind !== 'if') ? [call.at] : [],
    );
    return given.length > 0 && !given.some(({ call }) => mayRunAfter(unit, call, ({ at }) => put.includes(at)));
  };
  return callers.length > 0 && callers.every(({ caller }) => isWithGiver(caller));
}

/** Whether all its callers use the member, too: then it undoes what they have done. */
export function isOnlyUndoing({ references }: Codebase, ref: FunctionRef, users: readonly FunctionRef[]): boolean {
  const callers = references.callersOf(ref);
  const using = new Set(users.map(functionKey));
  return callers.length > 0 && callers.every(({ caller }) => using.has(functionKey(caller)));
}

/** Whether the driver may have got the buffer from elsewhere: then it has a reference to put when it is done. */
export function mayBeImport(codebase: Codebase, ref: FunctionRef, value: Expression): boolean {
  if (value.kind === 'call') return value.callee.kind === 'name' && roleOf(value.callee.name) === 'get';
  if (value.kind === 'member') return true;
  if (value.kind !== 'name') return false;
  if (ref.outline.parameters.some(({ name }) => name === value.name)) return true;
  const values = assignmentsOf(codebase.program.lower(ref)).values.get(value.name) ?? [];
  return values.some((one) => one.kind !== 'name' && mayBeImport(codebase, ref, withoutCasts(one)));
}

/** The array of an element; any other expression as it is. */
export function withoutIndex(value: Expression): Expression {
  return value.kind === 'index' ? withoutIndex(value.object) : value;
}
