// Which part of a structure does nothing ever empty, though a helper fills it, and another helper empties the other parts?

import { callsIn, type Expression, visitExpressions } from '../../../c/index.js';
import { assignmentsOf, type FunctionRef, filesSaying, functionAt, functionKey } from '../../../program/index.js';
import { mayRelease } from '../../lifetimes/left/shown-sources.js';
import type { ForgottenResource } from '../../model/lifetimes.js';
import { functionsMatching } from '../../tables/functions-matching.js';
import type { Fill } from '../fills.js';
import { filesSeeing } from '../forgotten.js';
import { freesOf, isFresh } from '../frees.js';
import { type HeldMember, hasUnion, isMember, type OwnerSearch, tagOf } from '../members.js';
import { releasersIn, releasersOnTheWay } from '../releasers.js';
import { type Part, type PartFill, partOf, partParameter, partsByMember } from './parts.js';

/**
 * Finds the parts that keep a resource when their structure is freed: helpers fill and empty the parts, and the function that
 * frees the structure has the others emptied. A part is left out that is used in any other way than to read a plain field.
 */
export function findForgottenParts(search: OwnerSearch, fills: readonly Fill[]): readonly ForgottenResource[] {
  return [...partsByMember(search, fills).values()].flatMap((part) => forgottenPart(search, part, fills));
}

function forgottenPart(
  search: OwnerSearch,
  { whole, fills: made }: Part,
  fills: readonly Fill[],
): readonly ForgottenResource[] {
  const { codebase } = search;
  const [first] = made;
  const struct = first && codebase.definitions.struct(whole.tag, first.ref.path);
  if (!first || !struct || struct.path.startsWith('include/') || hasUnion(codebase, struct.path, whole.tag)) return [];
  const visible = filesSeeing(codebase, struct.path, first.ref.path);
  const files = filesSaying(codebase, visible, whole.member);
  const kept = made.flatMap((one) => {
    const releasers = releasersOfFill(search, one.fill, fills, visible);
    if (releasers.length === 0 || isUsedOtherwise(search, whole, made, fills, files)) return [];
    return isNamedAsWord(search, whole.member, releasers, visible) ? [] : [{ one, releasers }];
  });
  const frees = freesOf(search, new Set([whole.tag]), filesSaying(codebase, visible, whole.tag));
  return kept.flatMap(({ one: { fill, ref, call }, releasers }): readonly ForgottenResource[] => {
    const keys = new Set(releasers.map(functionKey));
    const emptying = frees.filter(
      (free) => !isFresh(codebase, free.ref, free.object) && releasersOnTheWay(search, free.ref, keys).size > 0,
    );
    if (emptying.length === 0 || !emptiesAnother(search, releasers, fill.held.tag, whole)) return [];
    if (emptying.some((free) => isPassedOutOfSight(search, free.ref, [whole.tag, fill.held.tag]))) return [];
    return [
      {
        kind: fill.kind,
        api: fill.api,
        tag: whole.tag,
        member: `${whole.member}.${fill.held.member}`,
        fills: [{ ref, at: call.at }],
        frees: emptying.map((free) => ({ ref: free.ref, at: free.call.at })),
        releasedElsewhere: releasers.map((releaser) => ({ ref: releaser, at: releaser.outline.nameAt })),
        isWholeModule: codebase.definitions.isSmallModule(first.ref.path),
      },
    ];
  });
}

/**
 * Whether code may empty a part without naming it as a member: a macro has its name or that of a helper in its body, or gets the
 * name as a bare word, as `END(x, part)` and `container_of(p, struct whole, part)` do.
 */
function isNamedAsWord(
  { codebase }: OwnerSearch,
  member: string,
  releasers: readonly FunctionRef[],
  files: readonly string[],
): boolean {
  const word = new RegExp(`\\b(?:${[member, ...releasers.map(({ outline }) => outline.name)].join('|')})\\b`);
  const argument = new RegExp(`[(,]\\s*${member}\\s*(?=[,)])`, 'g');
  return files.some((path) => {
    const macros = codebase.program.file(path)?.unit.macros ?? [];
    if (macros.some(({ body }) => word.test(body))) return true;
    const code = codebase.program.file(path)?.code ?? '';
    if ([...code.matchAll(argument)].some(({ index }) => !functionAt(codebase.program, path, index))) return true;
    return functionsMatching(codebase, path, argument).some((ref) => {
      const isParameter = ref.outline.parameters.some(({ name }) => name === member);
      return !isParameter && !assignmentsOf(codebase.program.lower(ref)).locals.has(member);
    });
  });
}

/** Whether a function that frees, one that it calls, or a caller of it passes the structure or a part to code that is not seen. */
function isPassedOutOfSight(search: OwnerSearch, ref: FunctionRef, tags: readonly string[]): boolean {
  const { program, definitions, references } = search.codebase;
  const calls = callsIn(program.lower(ref).body);
  const below = calls.flatMap(({ name }) => (name === null ? [] : (definitions.findInModule(name, ref.path) ?? [])));
  const above = references.callersOf(ref).map(({ caller }) => caller);
  return [ref, ...below, ...above].some((one) =>
    callsIn(program.lower(one).body).some(({ name, call }) => {
      if (!mayRelease(call) || (name !== null && definitions.findNear(name, one.path))) return false;
      return call.arguments.some((argument) => tags.includes(tagOf(search, one, argument) ?? ''));
    }),
  );
}

/** The helpers that get a part and release what was filled in; none where something else may release it. */
function releasersOfFill(
  search: OwnerSearch,
  { kind, held }: Fill,
  fills: readonly Fill[],
  files: readonly string[],
): readonly FunctionRef[] {
  const [one, ...others] = fills.filter(
    (fill) => fill.kind === kind && fill.held.tag === held.tag && fill.held.member === held.member,
  );
  const found = one ? releasersIn({ search, fills: [one, ...others] }, files) : null;
  const helpers = found ?? [];
  return helpers.every((ref) => partParameter(ref, held.tag) !== undefined) ? helpers : [];
}

/** Whether the helpers that empty a part get other parts of the same structure, and only such. */
function emptiesAnother(
  search: OwnerSearch,
  releasers: readonly FunctionRef[],
  tag: string,
  { tag: whole, member }: HeldMember,
): boolean {
  const emptied = releasers.flatMap((ref) => {
    const index = partParameter(ref, tag) ?? -1;
    return search.codebase.references
      .callersOf(ref)
      .map(({ caller, call }) => partOf(search, caller, call.arguments[index]));
  });
  return (
    emptied.length > 0 && emptied.every((part) => part !== undefined && !(part.tag === whole && part.member === member))
  );
}

/** Whether some code does more with a part than to have it filled, or to read a field of it that holds no resource. */
function isUsedOtherwise(
  search: OwnerSearch,
  whole: HeldMember,
  made: readonly PartFill[],
  fills: readonly Fill[],
  files: readonly string[],
): boolean {
  const calls = new Set(made.map(({ ref, call }) => `${functionKey(ref)} ${call.at}`));
  const holding = new Set(fills.map(({ held }) => held.member));
  const mention = new RegExp(`(?:->|\\.)\\s*${whole.member}\\b`, 'g');
  return files.some((path) =>
    functionsMatching(search.codebase, path, mention).some((ref) => {
      const { body, unparsed } = search.codebase.program.lower(ref);
      if (unparsed.length > 0) return true;
      const allowed = new Set<Expression>();
      for (const { call } of callsIn(body))
        if (calls.has(`${functionKey(ref)} ${call.at}`))
          for (const argument of call.arguments) allowOperand(argument, allowed);
      let isOther = false;
      visitExpressions(body, (one) => {
        if (one.kind === 'member' && !holding.has(one.member)) allowed.add(one.object);
      });
      visitExpressions(body, (one) => {
        if (one.kind === 'member' && isMember(search, ref, one, whole) && !allowed.has(one)) isOther = true;
      });
      return isOther;
    }),
  );
}

function allowOperand(argument: Expression, allowed: Set<Expression>): void {
  if (argument.kind === 'unary' && argument.operator === '&') allowed.add(argument.operand);
}
