// From which attach calls can a value come?

import { type CallExpression, callsIn, type Expression, stripCasts } from '../../c/index.js';
import {
  assignmentsOf,
  type Codebase,
  type FunctionRef,
  functionKey,
  type Origin,
  originsOf,
} from '../../program/index.js';
import { returnedValues } from '../calls/returned-values.js';
import type { AttachmentLink, AttachSite } from '../model/attachment.js';
import { type OwnerSearch, searchOwners } from '../owners/members.js';
import { unique } from '../unique.js';
import { holderTag, type StoredField, storedFields, withMembers } from './stored-fields.js';

/** The trace follows an attachment through this many functions at most. */
const deepestTrace = 6;

/** From which attach calls can a value come? Returns the links of a value in a function, each once. */
type AttachmentTracer = (ref: FunctionRef, value: Expression) => readonly AttachmentLink[];

/** Creates the tracer of one tree, given all its attach calls. */
export function createTracer(codebase: Codebase, sites: readonly AttachSite[]): AttachmentTracer {
  const known = new Map<AttachSite, readonly StoredField[]>();
  const search = searchOwners(codebase);
  const fieldsOf = (site: AttachSite): readonly StoredField[] => {
    const fields = known.get(site) ?? storedFields(search, site);
    known.set(site, fields);
    return fields;
  };
  return (ref, value) =>
    unique(
      linksOf({ codebase, search, sites, fieldsOf, ref, depth: deepestTrace, seen: new Set() }, value, []),
      ({ site, commonCaller, via }) => `${site.place.file}:${site.call.at}:${functionKey(commonCaller)}:${via}`,
    );
}

/** Where a trace is. */
interface Trace {
  readonly codebase: Codebase;
  readonly search: OwnerSearch;
  readonly sites: readonly AttachSite[];
  /** The struct fields that hold the attachment of a site. */
  readonly fieldsOf: (site: AttachSite) => readonly StoredField[];
  /** The function that the trace has come to. */
  readonly ref: FunctionRef;
  /** How many functions further the trace may go. */
  readonly depth: number;
  /** The functions that the trace has left, by key. */
  readonly seen: ReadonlySet<string>;
}

/** An origin from which members lead on. */
type OriginWithPath = Extract<Origin, { readonly path: readonly string[] }>;

/** The links of a value, or of a member that it leads to. */
function linksOf(trace: Trace, value: Expression, path: readonly string[]): readonly AttachmentLink[] {
  const unit = trace.codebase.program.lower(trace.ref);
  return originsOf(unit, withMembers(value, path)).flatMap((origin): readonly AttachmentLink[] => {
    if (origin.kind === 'call') return linksOfResult(trace, origin.call, origin.path);
    const stored = 'path' in origin && trace.depth > 0 ? linksStoredByHelpers(trace, origin) : [];
    if (stored.length > 0) return stored;
    return origin.kind === 'parameter'
      ? linksOfParameter(trace, origin.index, origin.path)
      : linksByField(trace, 'name' in origin ? named(origin) : undefined, 'path' in origin ? origin.path : []);
  });
}

const named = ({ name, at }: { readonly name: string; readonly at: number }): Expression => ({
  kind: 'name',
  name,
  at,
});

function linksOfResult(trace: Trace, call: CallExpression, path: readonly string[]): readonly AttachmentLink[] {
  const { ref, sites } = trace;
  const site =
    path.length === 0
      ? sites.find((candidate) => candidate.call.at === call.at && candidate.ref.path === ref.path)
      : undefined;
  if (site) return [{ site, commonCaller: ref, chain: [ref], via: 'path' }];
  if (takesFromList(call)) return linksInModule(trace);
  const below = trace.depth > 0 ? linksInCallee(trace, call, path) : [];
  return below.length > 0 ? below : linksByField(trace, call, path);
}

function linksOfParameter(trace: Trace, index: number, path: readonly string[]): readonly AttachmentLink[] {
  const above = trace.depth > 0 ? linksInCallers(trace, index, path) : [];
  const found = above.flat();
  // A caller that is not known, or whose object comes from somewhere else, may pass any attachment of the module.
  const isComplete =
    found.length > 0 && above.every((links) => links.length > 0) && trace.codebase.references.isScopeKnown(trace.ref);
  const parameter = trace.ref.outline.parameters[index];
  return isComplete
    ? found
    : [...found, ...linksByField(trace, parameter && named({ name: parameter.name, at: 0 }), path)];
}

/**
 * The sites of the module whose attachment code stores into the field that a path ends with. A field of the same name in
 * another struct is another one.
 */
function linksByField(trace: Trace, root: Expression | undefined, path: readonly string[]): readonly AttachmentLink[] {
  const member = path.at(-1);
  if (member === undefined) return [];
  const tag = root && holderTag(trace.search, trace.ref, root, path);
  const isIt = (field: StoredField): boolean =>
    field.name === member && (tag === undefined || field.tag === undefined || field.tag === tag);
  return linksInModule(trace, (site) => trace.fieldsOf(site).some(isIt));
}

/** The sites of the module: a value from a list of attachments may be the attachment of any of them. */
function linksInModule(
  { codebase, sites, ref }: Trace,
  counts: (site: AttachSite) => boolean = () => true,
): readonly AttachmentLink[] {
  const module = new Set(codebase.definitions.module(ref.path));
  return sites
    .filter((site) => module.has(site.ref.path) && counts(site))
    .map((site) => ({ site, commonCaller: site.ref, chain: [site.ref], via: 'field' }));
}

function linksInCallee(trace: Trace, call: CallExpression, path: readonly string[]): readonly AttachmentLink[] {
  const { codebase, ref, seen } = trace;
  const callee = stripCasts(call.callee);
  const target = callee.kind === 'name' ? codebase.definitions.findNear(callee.name, ref.path) : undefined;
  if (!target || seen.has(functionKey(target))) return [];
  const inside = { ...trace, ref: target, depth: trace.depth - 1, seen: new Set([...seen, functionKey(target)]) };
  return returnedValues(codebase.program.lower(target)).flatMap((value) =>
    linksOf(inside, value, path)
      .filter((link) => isBelow(link, target))
      .map((link) => ({ ...link, commonCaller: ref, chain: [ref, ...link.chain] })),
  );
}

/** A link that leads up through the callers of a function says nothing about one call of it. */
function isBelow(link: AttachmentLink, ref: FunctionRef): boolean {
  return link.via === 'path' && functionKey(link.commonCaller) === functionKey(ref);
}

/** A helper called here may have stored the attachment into the object: `ret = foo_attach(obj, …)`, then `obj->attach`. */
function linksStoredByHelpers(trace: Trace, origin: OriginWithPath): readonly AttachmentLink[] {
  const { codebase, ref, seen } = trace;
  if (origin.path.length === 0) return [];
  const unit = codebase.program.lower(ref);
  return callsIn(unit.body).flatMap(({ call, name }) => {
    // Most calls get no argument that leads there: reading their bodies would cost much and find nothing.
    const passed = call.arguments.flatMap((argument, index) => {
      const rest = restOfPath(originsOf(unit, argument), origin);
      return rest && rest.length > 0 ? [{ index, rest }] : [];
    });
    const target = passed.length > 0 && name ? codebase.definitions.findNear(name, ref.path) : undefined;
    if (!target || seen.has(functionKey(target))) return [];
    return passed.flatMap(({ index, rest }) =>
      linksStoredBy({ ...trace, ref: target, depth: trace.depth - 1 }, index, rest).map((link) => ({
        ...link,
        commonCaller: ref,
        chain: [ref, ...link.chain],
      })),
    );
  });
}

/** The attachments that a function, or a callee, stores into a member of the object that a parameter points to. */
function linksStoredBy(trace: Trace, index: number, path: readonly string[]): readonly AttachmentLink[] {
  const { codebase, ref } = trace;
  const unit = codebase.program.lower(ref);
  const parameter = unit.parameters[index]?.name;
  if (!parameter || trace.depth < 0) return [];
  const inside = { ...trace, seen: new Set([...trace.seen, functionKey(ref)]) };
  const stored = (assignmentsOf(unit).values.get([parameter, ...path].join('.')) ?? []).flatMap((value) =>
    linksOf(inside, value, []).filter((link) => isBelow(link, ref)),
  );
  return [...stored, ...linksStoredByHelpers(inside, { kind: 'parameter', index, path, at: 0 })];
}

/** The links in each caller of a function, for the argument of one parameter. */
function linksInCallers(trace: Trace, index: number, path: readonly string[]): readonly (readonly AttachmentLink[])[] {
  const { codebase, ref, seen } = trace;
  if (seen.has(functionKey(ref))) return [];
  const above = { ...trace, depth: trace.depth - 1, seen: new Set([...seen, functionKey(ref)]) };
  return codebase.references.callersOf(ref).map(({ caller, call }) => {
    const value = call.arguments[index];
    return value ? linksOf({ ...above, ref: caller }, value, path).filter((link) => link.via === 'path') : [];
  });
}

/** The members that are left of a path after those that an argument covers; undefined where the argument is another object. */
function restOfPath(argument: readonly Origin[], wanted: OriginWithPath): readonly string[] | undefined {
  for (const origin of argument) {
    if (!('path' in origin) || !isSameRoot(origin, wanted)) continue;
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
