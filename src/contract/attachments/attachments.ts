import { type CallExpression, callsIn, type Expression, type Statement, type VariableOutline } from '../../c/index.js';
import {
  attachFunctions,
  mapFunctions,
  pinFunction,
  staticAttach,
  unmapFunctions,
  unpinFunction,
} from '../../kernel/api.js';
import type { Codebase, FunctionRef } from '../../program/index.js';
import { type NotAnalysed, type Place, placeOf } from '../places.js';
import { createTracer } from './attachment-trace.js';

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

/** Finds every attachment of the tree and every pin and mapping made on one. */
export function findAttachments(codebase: Codebase): Attachments {
  const problems: NotAnalysed[] = [];
  const attachCalls = findCalls(codebase, attachFunctions, problems);
  const sites = attachCalls.map(({ name, ref, call, place }) => ({
    ref,
    call,
    place,
    isStatic: name === staticAttach,
  }));
  const tracer = createTracer(codebase, sites);
  const uses = findCalls(codebase, [...useKinds.keys()], problems).flatMap((found): AttachmentUse[] => {
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
function findCalls(codebase: Codebase, names: readonly string[], problems: NotAnalysed[]): readonly FoundCall[] {
  const found: FoundCall[] = [];
  const pattern = new RegExp(`\\b(?:${names.join('|')})\\b`);
  for (const path of codebase.program.candidatesWith(pattern)) {
    const file = codebase.program.file(path);
    if (!file) continue;
    for (const macro of file.unit.macros) {
      const name = pattern.exec(macro.body)?.[0];
      if (name && macro.body.includes(`${name}(`))
        problems.push(
          problemAt(
            codebase,
            path,
            macro.at,
            null,
            `${name}() is called by macro ${macro.name}: its uses are not expanded`,
          ),
        );
    }
    if (!pattern.test(file.code)) continue;
    for (const name of names)
      for (const reference of codebase.references.of(name, [path])) {
        const ref = reference.inside;
        if (!ref || reference.at < ref.outline.bodyStart) {
          if (!ref && isInTable(file.unit.variables, reference.at))
            problems.push(
              problemAt(
                codebase,
                path,
                reference.at,
                null,
                `the address of ${name}() is taken: calls through it are not followed`,
              ),
            );
          continue;
        }
        const unit = codebase.program.lower(ref);
        const call = reference.isCall
          ? callsIn(unit.body).find((entry) => entry.call.callee.at === reference.at)
          : undefined;
        if (call) {
          const { statement, around } = call;
          found.push({
            name,
            ref,
            call: call.call,
            statement,
            around,
            place: placeOf(codebase, path, call.call.at, ref),
          });
        } else if (isTaken(file.code, reference.at, name)) {
          problems.push(
            reference.isCall
              ? problemAt(codebase, path, reference.at, ref, `this call of ${name}() cannot be parsed`)
              : problemAt(
                  codebase,
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

function problemAt(codebase: Codebase, path: string, at: number, ref: FunctionRef | null, reason: string): NotAnalysed {
  const place = placeOf(codebase, path, at, ref);
  return { file: path, line: place.line, function: place.function, reason };
}
