import {
  type CallExpression,
  callsIn,
  type Expression,
  type FunctionUnit,
  type Statement,
  stripCasts,
  type VariableOutline,
  visitStatements,
} from '../c/index.js';
import { assignmentsOf, type FunctionRef, functionKey, originsOf, type World } from '../program/index.js';
import { attachFunctions, mapFunctions, pinFunction, staticAttach, unmapFunctions, unpinFunction } from './api.js';
import { type NotAnalysed, type Place, placeOf } from './places.js';

/** A call of dma_buf_attach() or dma_buf_dynamic_attach(). */
export interface AttachSite {
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly isStatic: boolean;
  readonly place: Place;
}

/** How an attachment that is used somewhere came to be. */
export interface AttachmentLink {
  readonly site: AttachSite;
  /** The function in which the way to the attach and the way to the use part. */
  readonly meet: FunctionRef;
  /** From `meet` down to the function that attaches. */
  readonly chain: readonly FunctionRef[];
  /** `field`: only known by the name of the struct field that holds it, within one module. */
  readonly via: 'path' | 'field';
}

export type UseKind = 'pin' | 'unpin' | 'map' | 'unmap';

/** A call that does something with an attachment. */
export interface AttachmentUse {
  readonly kind: UseKind;
  readonly name: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly statement: Statement;
  readonly around: readonly Statement[];
  readonly place: Place;
  readonly links: readonly AttachmentLink[];
}

export interface Attachments {
  readonly sites: readonly AttachSite[];
  readonly uses: readonly AttachmentUse[];
  readonly problems: readonly NotAnalysed[];
  /** Where a value that is an attachment came from. */
  linksOf(ref: FunctionRef, value: Expression): readonly AttachmentLink[];
}

const useKinds: ReadonlyMap<string, UseKind> = new Map<string, UseKind>([
  [pinFunction, 'pin'],
  [unpinFunction, 'unpin'],
  ...mapFunctions.map((name) => [name, 'map'] as const),
  ...unmapFunctions.map((name) => [name, 'unmap'] as const),
]);

/** Following an attachment through more functions than this ends in what is known by then. */
const deepestTrace = 6;

/** Finds every attachment of the tree and every pin and mapping made on one. */
export function findAttachments(world: World): Attachments {
  const problems: NotAnalysed[] = [];
  const attachCalls = findCalls(world, attachFunctions, problems);
  const sites = attachCalls.map(({ name, ref, call, place }) => ({
    ref,
    call,
    place,
    isStatic: name === staticAttach,
  }));
  const tracer = createTracer(world, sites);
  const uses = findCalls(world, [...useKinds.keys()], problems).flatMap((found): AttachmentUse[] => {
    const kind = useKinds.get(found.name);
    const value = found.call.arguments[0];
    if (!kind || isApiItself(found.ref)) return [];
    return [{ ...found, kind, links: value ? tracer.linksOf(found.ref, value) : [] }];
  });
  return { sites, uses, problems, linksOf: tracer.linksOf };
}

/** The API's own functions call each other: `dma_buf_map_attachment_unlocked()` maps no attachment of its own. */
function isApiItself(ref: FunctionRef): boolean {
  return ref.path === 'drivers/dma-buf/dma-buf.c';
}

interface FoundCall {
  readonly name: string;
  readonly ref: FunctionRef;
  readonly call: CallExpression;
  readonly statement: Statement;
  readonly around: readonly Statement[];
  readonly place: Place;
}

/** Every call of the given functions; what is named and not called, or called where it cannot be parsed, is a problem. */
function findCalls(world: World, names: readonly string[], problems: NotAnalysed[]): readonly FoundCall[] {
  const found: FoundCall[] = [];
  const pattern = new RegExp(`\\b(?:${names.join('|')})\\b`);
  for (const path of world.program.candidatesWith(pattern)) {
    const file = world.program.file(path);
    if (!file) continue;
    for (const macro of file.unit.macros) {
      const name = pattern.exec(macro.body)?.[0];
      if (name && macro.body.includes(`${name}(`))
        problems.push(
          problemAt(
            world,
            path,
            macro.at,
            null,
            `${name}() is called by macro ${macro.name}: its uses are not expanded`,
          ),
        );
    }
    if (!pattern.test(file.code)) continue;
    for (const name of names)
      for (const reference of world.references.of(name, [path])) {
        const ref = reference.inside;
        if (!ref || reference.at < ref.outline.bodyStart) {
          if (!ref && isInTable(file.unit.variables, reference.at))
            problems.push(
              problemAt(
                world,
                path,
                reference.at,
                null,
                `the address of ${name}() is taken: calls through it are not followed`,
              ),
            );
          continue;
        }
        const unit = world.program.lower(ref);
        const call = reference.isCall
          ? callsIn(unit.body).find((entry) => entry.call.callee.at === reference.at)
          : undefined;
        if (call) {
          const { statement, around } = call;
          found.push({ name, ref, call: call.call, statement, around, place: placeOf(world, path, call.call.at, ref) });
        } else if (isTaken(file.code, reference.at, name)) {
          problems.push(
            reference.isCall
              ? problemAt(world, path, reference.at, ref, `this call of ${name}() cannot be parsed`)
              : problemAt(
                  world,
                  path,
                  reference.at,
                  ref,
                  `the address of ${name}() is taken: calls through it are not followed`,
                ),
          );
        }
      }
  }
  return found;
}

/** At file level only a table can take a function's address; what else names it there declares or exports it. */
function isInTable(variables: readonly VariableOutline[], at: number): boolean {
  return variables.some((variable) => variable.valueAt !== null && variable.valueAt <= at && at < variable.end);
}

/** A name that is no member: `.dma_buf_pin = …` and `ops->dma_buf_pin(…)` are other things. */
function isTaken(code: string, at: number, name: string): boolean {
  return (
    !/(?:->|\.)\s*$/.test(code.slice(Math.max(0, at - 20), at)) &&
    !/^\s*\)\s*\(/.test(code.slice(at + name.length, at + name.length + 20))
  );
}

function problemAt(world: World, path: string, at: number, ref: FunctionRef | null, reason: string): NotAnalysed {
  const place = placeOf(world, path, at, ref);
  return { file: path, line: place.line, function: place.function, reason };
}

function createTracer(world: World, sites: readonly AttachSite[]) {
  const fields = new Map<AttachSite, ReadonlySet<string>>();
  const siteAt = (ref: FunctionRef, call: CallExpression): AttachSite | undefined =>
    sites.find((site) => site.call.at === call.at && site.ref.path === ref.path);
  const fieldsOf = (site: AttachSite): ReadonlySet<string> => {
    let known = fields.get(site);
    if (!known) {
      known = storedFields(world, site);
      fields.set(site, known);
    }
    return known;
  };

  const byField = (member: string | undefined, from: FunctionRef): readonly AttachmentLink[] => {
    if (member === undefined) return [];
    const module = new Set(world.definitions.module(from.path));
    return sites
      .filter((site) => module.has(site.ref.path) && fieldsOf(site).has(member))
      .map((site) => ({ site, meet: site.ref, chain: [site.ref], via: 'field' as const }));
  };

  /** Any attachment of the buffer may be meant: those of the module's own importers are. */
  const inModule = (from: FunctionRef): readonly AttachmentLink[] => {
    const module = new Set(world.definitions.module(from.path));
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
    const unit = world.program.lower(ref);
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
      if (origin.kind === 'parameter') {
        const above = depth > 0 ? intoCallers(ref, origin.index, origin.path, depth, seen) : [];
        return above.length > 0 ? above : byField(last, ref);
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
    const target = callee.kind === 'name' ? world.definitions.findNear(callee.name, ref.path) : undefined;
    if (!target || seen.has(functionKey(target))) return [];
    const further = new Set([...seen, functionKey(target)]);
    return returnedValues(world.program.lower(target)).flatMap((value) =>
      trace(target, value, path, depth - 1, further)
        // The way down must stay below this function: a link that leads up again says nothing of this call.
        .filter((link) => link.via === 'path' && functionKey(link.meet) === functionKey(target))
        .map((link) => ({ ...link, meet: ref, chain: [ref, ...link.chain] })),
    );
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
    return world.references.callersOf(ref).flatMap(({ caller, call }) => {
      const value = call.arguments[index];
      return value ? trace(caller, value, path, depth - 1, further).filter((link) => link.via === 'path') : [];
    });
  };

  return { linksOf: (ref: FunctionRef, value: Expression) => dedupe(trace(ref, value, [], deepestTrace, new Set())) };
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
function storedFields(world: World, site: AttachSite): ReadonlySet<string> {
  const unit = world.program.lower(site.ref);
  const isIt = (origins: ReturnType<typeof originsOf>, at: number): boolean =>
    origins.some((origin) => origin.kind === 'call' && origin.call.at === at && origin.path.length === 0);
  const found = new Set(fieldsHolding(unit, (value) => isIt(originsOf(unit, value), site.call.at)));
  for (const { call, name } of callsIn(unit.body)) {
    const index = call.arguments.findIndex((argument) => isIt(originsOf(unit, argument), site.call.at));
    const target = index >= 0 && name ? world.definitions.findNear(name, site.ref.path) : undefined;
    if (!target) continue;
    const callee = world.program.lower(target);
    for (const field of fieldsHolding(callee, (value) =>
      originsOf(callee, value).some(
        (origin) => origin.kind === 'parameter' && origin.index === index && origin.path.length === 0,
      ),
    ))
      found.add(field);
  }
  if (!returnedValues(unit).some((value) => isIt(originsOf(unit, value), site.call.at))) return found;
  for (const { caller, call } of world.references.callersOf(site.ref)) {
    const above = world.program.lower(caller);
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
