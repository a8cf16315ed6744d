import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  stripCasts,
  visitStatements,
} from '../../c/index.js';
import {
  assignmentsOf,
  type Codebase,
  type FunctionRef,
  functionKey,
  type Origin,
  originsOf,
} from '../../program/index.js';
import type { AttachmentLink, AttachSite } from './attachments.js';

/** Following an attachment through more functions than this ends in what is known by then. */
const deepestTrace = 6;

/** Creates what follows a value back to the attach calls that it can come from. */
export function createTracer(codebase: Codebase, sites: readonly AttachSite[]) {
  const fields = new Map<AttachSite, ReadonlySet<string>>();
  const siteAt = (ref: FunctionRef, call: CallExpression): AttachSite | undefined =>
    sites.find((site) => site.call.at === call.at && site.ref.path === ref.path);
  const fieldsOf = (site: AttachSite): ReadonlySet<string> => {
    let known = fields.get(site);
    if (!known) {
      known = storedFields(codebase, site);
      fields.set(site, known);
    }
    return known;
  };

  const byField = (member: string | undefined, from: FunctionRef): readonly AttachmentLink[] => {
    if (member === undefined) return [];
    const module = new Set(codebase.definitions.module(from.path));
    return sites
      .filter((site) => module.has(site.ref.path) && fieldsOf(site).has(member))
      .map((site) => ({ site, meet: site.ref, chain: [site.ref], via: 'field' as const }));
  };

  /** Any attachment of the buffer may be meant: those of the module's own importers are. */
  const inModule = (from: FunctionRef): readonly AttachmentLink[] => {
    const module = new Set(codebase.definitions.module(from.path));
    return sites
      .filter((site) => module.has(site.ref.path))
      .map((site) => ({ site, meet: site.ref, chain: [site.ref], via: 'field' as const }));
  };

  const trace = (
    ref: FunctionRef,
    value: Expression,
    path: readonly string[],
    depth: number,
    seen: ReadonlySet<string>,
  ): readonly AttachmentLink[] => {
    const unit = codebase.program.lower(ref);
    const whole = withMembers(value, path);
    return originsOf(unit, whole).flatMap((origin): readonly AttachmentLink[] => {
      const last = 'path' in origin ? origin.path.at(-1) : undefined;
      if (origin.kind === 'call') {
        const site = origin.path.length === 0 ? siteAt(ref, origin.call) : undefined;
        if (site) return [{ site, meet: ref, chain: [ref], via: 'path' }];
        if (takesFromList(origin.call)) return inModule(ref);
        const below = depth > 0 ? intoCallee(ref, origin.call, origin.path, depth, seen) : [];
        return below.length > 0 ? below : byField(last, ref);
      }
      const set = 'path' in origin && depth > 0 ? setBySomeCallee(ref, origin, depth, seen) : [];
      if (set.length > 0) return set;
      if (origin.kind === 'parameter') {
        const above = depth > 0 ? intoCallers(ref, origin.index, origin.path, depth, seen) : [];
        const found = above.flat();
        // Other callers, or those that take the object from somewhere else, may mean any that the module attached.
        const isAll =
          found.length > 0 && above.every((links) => links.length > 0) && codebase.references.isScopeKnown(ref);
        return isAll ? found : [...found, ...byField(last, ref)];
      }
      return byField(last, ref);
    });
  };

  const intoCallee = (
    ref: FunctionRef,
    call: CallExpression,
    path: readonly string[],
    depth: number,
    seen: ReadonlySet<string>,
  ) => {
    const callee = stripCasts(call.callee);
    const target = callee.kind === 'name' ? codebase.definitions.findNear(callee.name, ref.path) : undefined;
    if (!target || seen.has(functionKey(target))) return [];
    const further = new Set([...seen, functionKey(target)]);
    return returnedValues(codebase.program.lower(target)).flatMap((value) =>
      trace(target, value, path, depth - 1, further)
        // The way down must stay below this function: a link that leads up again says nothing of this call.
        .filter((link) => link.via === 'path' && functionKey(link.meet) === functionKey(target))
        .map((link) => ({ ...link, meet: ref, chain: [ref, ...link.chain] })),
    );
  };

  /** A helper called here may have put the attachment into the object: `ret = foo_attach(obj, …)`, then `obj->attach`. */
  const setBySomeCallee = (
    ref: FunctionRef,
    origin: Extract<Origin, { readonly path: readonly string[] }>,
    depth: number,
    seen: ReadonlySet<string>,
  ): readonly AttachmentLink[] => {
    if (origin.path.length === 0) return [];
    const unit = codebase.program.lower(ref);
    return callsIn(unit.body).flatMap(({ call, name }) => {
      // Most calls are handed nothing that leads there: looking for their bodies would read much for nothing.
      const handed = call.arguments.flatMap((argument, index) => {
        const rest = restOfPath(originsOf(unit, argument), origin);
        return rest && rest.length > 0 ? [{ index, rest }] : [];
      });
      const target = handed.length > 0 && name ? codebase.definitions.findNear(name, ref.path) : undefined;
      if (!target || seen.has(functionKey(target))) return [];
      return handed.flatMap(({ index, rest }) =>
        setters(target, index, rest, depth - 1, seen).map((link) => ({
          ...link,
          meet: ref,
          chain: [ref, ...link.chain],
        })),
      );
    });
  };

  /** The attachments that a function puts into a member of what its parameter points to, itself or by a callee. */
  const setters = (
    ref: FunctionRef,
    index: number,
    rest: readonly string[],
    depth: number,
    seen: ReadonlySet<string>,
  ): readonly AttachmentLink[] => {
    const unit = codebase.program.lower(ref);
    const parameter = unit.parameters[index]?.name;
    if (!parameter || depth < 0) return [];
    const further = new Set([...seen, functionKey(ref)]);
    const isOwn = (link: AttachmentLink): boolean => link.via === 'path' && functionKey(link.meet) === functionKey(ref);
    const stored = (assignmentsOf(unit).values.get([parameter, ...rest].join('.')) ?? []).flatMap((value) =>
      trace(ref, value, [], depth, further).filter(isOwn),
    );
    const handedOn: Extract<Origin, { kind: 'parameter' }> = { kind: 'parameter', index, path: rest, at: 0 };
    return [...stored, ...setBySomeCallee(ref, handedOn, depth, further)];
  };

  const intoCallers = (
    ref: FunctionRef,
    index: number,
    path: readonly string[],
    depth: number,
    seen: ReadonlySet<string>,
  ) => {
    if (seen.has(functionKey(ref))) return [];
    const further = new Set([...seen, functionKey(ref)]);
    return codebase.references.callersOf(ref).map(({ caller, call }) => {
      const value = call.arguments[index];
      return value ? trace(caller, value, path, depth - 1, further).filter((link) => link.via === 'path') : [];
    });
  };

  return { linksOf: (ref: FunctionRef, value: Expression) => dedupe(trace(ref, value, [], deepestTrace, new Set())) };
}

/** What is left of a member path after the part that an argument covers; undefined where it is another object. */
function restOfPath(argument: readonly Origin[], wanted: Origin): readonly string[] | undefined {
  for (const origin of argument) {
    if (!('path' in origin) || !('path' in wanted) || !isSameRoot(origin, wanted)) continue;
    if (origin.path.every((member, index) => member === wanted.path[index]))
      return wanted.path.slice(origin.path.length);
  }
  return undefined;
}

function isSameRoot(one: Origin, other: Origin): boolean {
  if (one.kind === 'parameter' || other.kind === 'parameter')
    return one.kind === 'parameter' && other.kind === 'parameter' && one.index === other.index;
  if (one.kind === 'call' || other.kind === 'call')
    return one.kind === 'call' && other.kind === 'call' && one.call.at === other.call.at;
  const named = (origin: Origin): string | null => ('name' in origin ? origin.name : null);
  return named(one) !== null && named(one) === named(other);
}

/** `list_first_entry(&dmabuf->attachments, …)` */
function takesFromList(call: CallExpression): boolean {
  const [list] = call.arguments;
  return list?.kind === 'unary' && list.operand.kind === 'member' && list.operand.member === 'attachments';
}

function dedupe(links: readonly AttachmentLink[]): readonly AttachmentLink[] {
  const seen = new Set<string>();
  return links.filter((link) => {
    const key = `${link.site.place.file}:${link.site.call.at}:${functionKey(link.meet)}:${link.via}`;
    return !seen.has(key) && seen.add(key);
  });
}

function withMembers(value: Expression, path: readonly string[]): Expression {
  return path.reduce<Expression>(
    (object, member) => ({ kind: 'member', object, member, arrow: true, at: object.at }),
    value,
  );
}

/** The values that a function returns. */
export function returnedValues(unit: FunctionUnit): readonly Expression[] {
  const values: Expression[] = [];
  visitStatements(unit.body, (statement) => {
    if (statement.kind === 'return' && statement.value) values.push(statement.value);
  });
  return values;
}

/** The struct fields in which the attachment of a site ends up: assigned there, by its callers, or by a function that takes it. */
function storedFields(codebase: Codebase, site: AttachSite): ReadonlySet<string> {
  const unit = codebase.program.lower(site.ref);
  const isIt = (origins: ReturnType<typeof originsOf>, at: number): boolean =>
    origins.some((origin) => origin.kind === 'call' && origin.call.at === at && origin.path.length === 0);
  const found = new Set(fieldsHolding(unit, (value) => isIt(originsOf(unit, value), site.call.at)));
  for (const { call, name } of callsIn(unit.body)) {
    const index = call.arguments.findIndex((argument) => isIt(originsOf(unit, argument), site.call.at));
    const target = index >= 0 && name ? codebase.definitions.findNear(name, site.ref.path) : undefined;
    if (!target) continue;
    const callee = codebase.program.lower(target);
    for (const field of fieldsHolding(callee, (value) =>
      originsOf(callee, value).some(
        (origin) => origin.kind === 'parameter' && origin.index === index && origin.path.length === 0,
      ),
    ))
      found.add(field);
  }
  if (!returnedValues(unit).some((value) => isIt(originsOf(unit, value), site.call.at))) return found;
  for (const { caller, call } of codebase.references.callersOf(site.ref)) {
    const above = codebase.program.lower(caller);
    for (const field of fieldsHolding(above, (value) => isIt(originsOf(above, value), call.at))) found.add(field);
  }
  return found;
}

function fieldsHolding(unit: FunctionUnit, holds: (value: Expression) => boolean): readonly string[] {
  const fields: string[] = [];
  for (const [target, values] of assignmentsOf(unit).values) {
    const field = /\.(\w+)$/.exec(target)?.[1];
    if (field && values.some(holds)) fields.push(field);
  }
  return fields;
}
