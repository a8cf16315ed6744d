import {
  type CallInBody,
  callsIn,
  type FunctionUnit,
  lowerFunction,
  matchingParen,
  outlineFile,
  treeAttributeWords,
} from '../../c/index.js';
import type { SourceTree } from '../../input/tree/tree.js';
import {
  apiFunction,
  directionNames,
  dmaBufCore,
  lockFunctions,
  type ResourceKind,
  roleOf,
} from '../../kernel/index.js';
import { releasesSkipped } from './skipped-releases.js';

/** What a mistake is. */
export type Mistake =
  | 'release removed, taken in the same function'
  | 'release removed, taken elsewhere'
  | 'release made twice'
  | 'lock not taken'
  | 'lock not dropped'
  | 'error not tested'
  | 'error tested as NULL'
  | 'unmapped in another direction'
  | 'error goes to a label too far down'
  | 'error returns at once'
  | 'detached before the unmap';

/** One mistake that is put into a file. */
export interface Mutant {
  readonly mistake: Mistake;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly function: string;
  /** The code that is changed: from one offset to another. */
  readonly code: string;
  readonly start: number;
  readonly end: number;
  /** What stands there then. */
  readonly instead: string;
}

/** A call that stands as a statement of its own, and the offsets from its name to the `;` after it. */
interface StatementCall {
  readonly call: CallInBody;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Every mistake of these kinds that can be made in the drivers of a tree, in the order of files and offsets. */
export async function findMutants(tree: SourceTree): Promise<readonly Mutant[]> {
  const { hits } = await tree.search(tree.sources, ['dma_buf_'], false);
  const attributes = treeAttributeWords((path) => tree.read(path), []);
  const files = hits.flat().filter((path) => path.endsWith('.c') && path !== dmaBufCore);
  return [...new Set(files)].sort().flatMap((path) => {
    const text = tree.read(path) ?? '';
    const file = outlineFile(path, text, attributes);
    return file.unit.functions.flatMap((outline) =>
      mutantsOf(text, lowerFunction(file, outline, attributes), outline.name),
    );
  });
}

function mutantsOf(text: string, unit: FunctionUnit, name: string): readonly Mutant[] {
  const calls = callsIn(unit.body);
  const taken = new Set(calls.flatMap((call) => effectsOf(call).flatMap((effect) => takenKind(effect) ?? [])));
  const mutant = (mistake: Mistake, start: number, end: number, instead: string): Mutant => ({
    mistake,
    path: unit.path,
    line: text.slice(0, start).split('\n').length,
    function: name,
    code: text.slice(start, end).replace(/\s+/g, ' '),
    start,
    end,
    instead,
  });
  const without = (mistake: Mistake, { start, end }: StatementCall): Mutant =>
    mutant(mistake, start, end, blanked(text.slice(start, end)));
  const statements = calls.flatMap((call) => statementOf(text, call));
  return [
    ...statements.flatMap((one) => {
      const lock = lockFunctions.get(one.name)?.effect;
      if (lock === 'take' || lock === 'drop')
        return [without(lock === 'take' ? 'lock not taken' : 'lock not dropped', one)];
      const released = effectsOf(one.call).find(({ kind }) => kind === 'release');
      if (released?.kind !== 'release') return [];
      const isHere = taken.has(released.resource);
      const code = text.slice(one.start, one.end);
      return [
        without(isHere ? 'release removed, taken in the same function' : 'release removed, taken elsewhere', one),
        // One statement, since an `if` or a loop without braces may stand before it.
        mutant('release made twice', one.start, one.end, `${code}, ${code}`),
      ];
    }),
    ...calls.flatMap((call) => {
      const test = errorTestOf(text, calls, call);
      if (!test) return [];
      const { start, end, tested } = test;
      return [
        mutant('error not tested', start, end, '0'.padEnd(end - start)),
        mutant('error tested as NULL', start, end, `!${tested}`.padEnd(end - start)),
      ];
    }),
    ...statements.flatMap(({ name, start, end }) => {
      const change = roleOf(name) === 'unmap' ? otherDirection(text.slice(start, end)) : undefined;
      return change ? [mutant('unmapped in another direction', start, end, change)] : [];
    }),
    ...skippedBy(text, unit, calls, taken).map(({ mistake, start, end, instead }) =>
      mutant(mistake, start, end, instead),
    ),
    ...statements.slice(1).flatMap((second, index) => {
      const first = statements[index];
      if (!first || roleOf(first.name) !== 'unmap' || roleOf(second.name) !== 'detach') return [];
      const between = text.slice(first.end, second.start);
      const swapped = `${text.slice(second.start, second.end)}${between}${text.slice(first.start, first.end)}`;
      return between.trim() === ';' ? [mutant('detached before the unmap', first.start, second.end, swapped)] : [];
    }),
  ];
}

/** The jumps of a function to labels that release something it takes, each with its replacement. */
function skippedBy(
  text: string,
  unit: FunctionUnit,
  calls: readonly CallInBody[],
  taken: ReadonlySet<ResourceKind>,
): readonly Pick<Mutant, 'mistake' | 'start' | 'end' | 'instead'>[] {
  const releases = calls.filter((call) =>
    effectsOf(call).some((effect) => effect.kind === 'release' && taken.has(effect.resource)),
  );
  return releasesSkipped(
    unit,
    releases.map(({ call }) => call.at),
  ).flatMap(({ at, label, next }) => {
    const end = text.indexOf(';', at);
    const jump = { start: at, end };
    const failure = unit.returnType.includes('*')
      ? 'return NULL'
      : unit.returnType === 'void'
        ? 'return'
        : 'return -EIO';
    return [
      ...(next === null
        ? []
        : [{ mistake: 'error goes to a label too far down' as const, ...jump, instead: `goto ${next}` }]),
      ...(text.slice(at, end).endsWith(label)
        ? [{ mistake: 'error returns at once' as const, ...jump, instead: failure }]
        : []),
    ];
  });
}

/** An unmap with another direction; undefined where it has no constant. */
function otherDirection(call: string): string | undefined {
  const [written] = directionNames.filter((name) => new RegExp(`\\b${name}\\b`).test(call));
  const [other] = directionNames.filter((name) => name !== written);
  return written && other ? call.replace(written, other) : undefined;
}

type Effects = NonNullable<ReturnType<typeof apiFunction>>['effects'];

function effectsOf({ name, call }: CallInBody): Effects {
  return (name === null ? undefined : apiFunction(name, call.arguments.length))?.effects ?? [];
}

function takenKind(effect: Effects[number]): ResourceKind | undefined {
  return effect.kind === 'acquire' ? effect.resource : undefined;
}

/** A call whose result nobody uses, as far as the text shows: nothing but space before it on its line, and `;` behind it. */
function statementOf(text: string, found: CallInBody): readonly StatementCall[] {
  const { call, name } = found;
  const before = text.slice(text.lastIndexOf('\n', call.at - 1) + 1, call.at);
  const isStatement = name !== null && before.trim() === '' && text[call.end] === ';';
  return isStatement ? [{ call: found, name, start: call.at, end: call.end }] : [];
}

/** The `IS_ERR(x)` of an `if`, where the function assigned an API call's result to x before. */
function errorTestOf(
  text: string,
  calls: readonly CallInBody[],
  { name, call }: CallInBody,
): { readonly start: number; readonly end: number; readonly tested: string } | undefined {
  if (name !== 'IS_ERR' || !/\bif \($/.test(text.slice(call.at - 4, call.at))) return undefined;
  const tested = text.slice(text.indexOf('(', call.at) + 1, call.end - 1);
  const isOfApi = calls.some((other) => {
    const takes = other.name !== null && apiFunction(other.name, other.call.arguments.length)?.result;
    return takes === 'pointer-or-error' && other.call.at < call.at && assigns(text, tested, other.call.at);
  });
  return isOfApi && matchingParen(text, call.at - 1) === call.end
    ? { start: call.at, end: call.end, tested }
    : undefined;
}

function assigns(text: string, target: string, at: number): boolean {
  return text.slice(0, at).trimEnd().endsWith(`${target} =`);
}

/** The same number of characters and lines, and no code. */
function blanked(code: string): string {
  return code.replace(/[^\n]/g, ' ');
}
