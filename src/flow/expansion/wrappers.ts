import type { FunctionUnit, Macro } from '../../c/index.js';
import { type ApiRow, apiFunctions, apiRow } from '../../kernel/index.js';
import type { Codebase } from '../../program/index.js';
import { unitOf } from './macros.js';

/** A macro without parameters that is another name for a function of the API. */
const secondName = new RegExp(
  `^[ \\t]*#[ \\t]*define[ \\t]+\\w+[ \\t]+(?:${[...apiFunctions.keys()].join('|')})[ \\t]*$`,
  'm',
);

/** The macros of the candidate files that are another name for a function of the API, each as a function that calls it. */
export function secondNames(codebase: Codebase): ReadonlyMap<string, FunctionUnit> {
  const { program } = codebase;
  return new Map(
    program.candidatesWith(secondName).flatMap((path) =>
      (program.file(path)?.unit.macros ?? []).flatMap(({ name, parameters, body }) => {
        const row = parameters === null ? apiRow(body.trim()) : undefined;
        const unit = row && unitOf(codebase, { name, body: callOf(row) }, row.parameters.map(asWord));
        return unit ? [[name, unit] as const] : [];
      }),
    ),
  );
}

function callOf({ name, parameters }: ApiRow): string {
  return `${name}(${parameters.map(asWord).join(', ')})`;
}

function asWord(parameter: string): string {
  return parameter.replaceAll('-', '_');
}

/**
 * The function that a macro is another name for, or to which it passes its parameters as they are:
 * `#define ex_map(attach, dir) dma_buf_map_attachment(attach, dir)`, also as a statement. Undefined for any other macro.
 */
export function wrappedFunction({ parameters, body }: Macro): string | undefined {
  const text = body.replace(/\s+/g, '');
  if (parameters === null) return /^\w+$/.test(text) ? text : undefined;
  const [, name, list = ''] = /^(\w+)\((.*)\)$/.exec(withoutFrame(text)) ?? [];
  const passed = list.split(',').map((argument) => argument.replace(/^\((\w+)\)$/, '$1'));
  return passed.join() === parameters.join() ? name : undefined;
}

/** The call in `({ f(x); })`, `do { f(x); } while (0)` or `(f(x))`, all without blanks. Any other text as it is. */
function withoutFrame(text: string): string {
  return /^(?:\(\{(.*);\}\)|do\{(.*);\}while\(0\)|\((\w+\(.*\))\))$/.exec(text)?.slice(1).find(Boolean) ?? text;
}
