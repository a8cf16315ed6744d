import { conditionsAt, macroAt } from '../../src/c/index.js';
import { type Contract, type OpsTable, renamedFunctions, renamedStructs } from '../../src/contract/index.js';
import {
  asksOnlyConfiguration,
  dmaBufCore,
  dmaBufHeader,
  importerOpsMember,
  importerOpsTag,
  laterFunctions,
  renamedNames,
} from '../../src/kernel/index.js';
import { defineRule, type Report } from '../../src/lint/index.js';
import { useCallbackName, useDeclaredFunction } from './fix.js';

export default defineRule({
  id: 'renamed-api',
  group: 'api',
  severity: 'error',
  scope: 'file',
  hasFixes: true,
  *check(contract) {
    yield* functionUses(contract);
    yield* memberUses(contract);
    yield* structUses(contract);
  },
});

interface MissingName {
  readonly name: string;
  /** What to use instead, or null. */
  readonly instead: string | null;
}

/** Functions of other kernel versions that this tree's header does not declare. */
function missingFunctions({ dialect, names }: Contract): readonly MissingName[] {
  const renamed = renamedNames
    .filter(({ kind }) => kind === 'function')
    .flatMap(({ old, current }) => [
      { name: old, instead: current },
      { name: current, instead: old },
    ]);
  const later = laterFunctions.map(({ name }) => ({ name, instead: null }));
  const here = renamedFunctions(names).map(({ leftover, current }) => ({ name: leftover, instead: current }));
  return [...renamed, ...later, ...here].filter(({ name }) => !dialect.declared.has(name));
}

function* functionUses(contract: Contract): Iterable<Report> {
  const { codebase, dialect } = contract;
  for (const { name, instead } of missingFunctions(contract))
    for (const { path, at, inside } of codebase.references.of(name, codebase.program.candidates)) {
      if (path === dmaBufHeader || isForOtherKernels(contract, path, at)) continue;
      // The driver defines its own.
      if (codebase.definitions.find(name, path) || hasMacro(contract, name, path, at)) continue;
      if (!inside || at < inside.outline.bodyStart) continue;
      yield {
        path,
        at,
        subject: inside.outline.name,
        confidence: 'high',
        message: `${name}() is not in this tree's ${dmaBufHeader}: ${instead && dialect.declared.has(instead) ? `it is named ${instead}() here` : 'the file does not build'}`,
        trace: [],
        fix: () => useDeclaredFunction(contract, { path, at, name, instead }),
      };
    }
}

/** Whether a macro of the driver stands for a name at an offset: behind an `#undef` it does so no more. */
function hasMacro({ codebase }: Contract, name: string, path: string, at: number): boolean {
  if (!codebase.definitions.macroOf(name, path)) return false;
  const file = codebase.program.file(path);
  return !file || macroAt(file, name, at)?.kind !== 'undefined';
}

/** Reports the callback under its name in other kernel versions, in an ops table or in an access to one. */
function* memberUses(contract: Contract): Iterable<Report> {
  const { codebase, dialect, importers } = contract;
  const listed = renamedNames.filter(({ kind }) => kind === 'member').flatMap(({ old, current }) => [old, current]);
  const here = renamedStructs(contract).flatMap(({ kind, leftover }) => (kind === 'callback' ? [leftover] : []));
  const gone = [...listed, ...here].filter(
    (name) => name !== dialect.callback && !dialect.importerFields.includes(name),
  );
  const message = (name: string): string =>
    `'${name}' is not a member of this tree's struct ${importerOpsTag}: it is named '${dialect.callback}' here`;
  for (const { table } of importers) yield* tableUses(contract, table, gone, message);
  for (const name of gone)
    for (const { path, at, inside } of codebase.references.of(name, codebase.program.candidates)) {
      if (isForOtherKernels(contract, path, at)) continue;
      if (!inside || path === dmaBufHeader || (path === dmaBufCore && dialect.importerFields.includes(name))) continue;
      const code = codebase.program.file(path)?.code ?? '';
      const object = /(\w+)\s*(?:->|\.)\s*$/.exec(code.slice(Math.max(0, at - 120), at))?.[1];
      if (
        !object ||
        (object !== importerOpsMember && !isImporterOps(code.slice(inside.outline.start, inside.outline.end), object))
      )
        continue;
      const fix = () => useCallbackName(contract, { path, at, name });
      yield { path, at, subject: inside.outline.name, confidence: 'high', message: message(name), trace: [], fix };
    }
}

/** Reports a struct of the API under the name that this tree has exchanged for another. */
function* structUses(contract: Contract): Iterable<Report> {
  const { codebase, dialect } = contract;
  for (const { kind, leftover, current } of renamedStructs(contract)) {
    if (kind !== 'struct' || dialect.members.has(leftover)) continue;
    // A declaration without members harms nobody.
    const use = `\\bstruct\\s+(${leftover})\\b(?!\\s*;)`;
    for (const path of codebase.program.candidatesWith(new RegExp(use))) {
      if (path === dmaBufHeader) continue;
      for (const { index, 0: text } of codebase.program.file(path)?.code.matchAll(new RegExp(use, 'g')) ?? []) {
        const at = index + text.length - leftover.length;
        if (isForOtherKernels(contract, path, at)) continue;
        yield {
          path,
          at,
          subject:
            codebase.program.file(path)?.unit.functions.find((one) => one.start <= at && at < one.end)?.name ?? '',
          confidence: 'high',
          message: `struct ${leftover} is not in this tree's ${dmaBufHeader}: it is named struct ${current} here`,
          trace: [],
        };
      }
    }
  }
}

function* tableUses(
  contract: Contract,
  table: OpsTable,
  gone: readonly string[],
  message: (name: string) => string,
): Iterable<Report> {
  if (table.local) return; // reported as an access in its function
  for (const member of table.members)
    if (gone.includes(member.field) && !isForOtherKernels(contract, table.path, member.at))
      yield {
        path: table.path,
        at: member.at,
        subject: table.name,
        confidence: 'high',
        message: message(member.field),
        trace: [],
        fix: () => useCallbackName(contract, { path: table.path, at: member.at, name: member.field }),
      };
}

/**
 * Whether code stands under a condition that asks what a kernel has, such as the result of a test before the build: where
 * the kernel lacks the name, the code is not compiled.
 */
function isForOtherKernels({ codebase }: Contract, path: string, at: number): boolean {
  const unit = codebase.program.file(path)?.unit;
  return unit !== undefined && conditionsAt(unit, at).some((condition) => !asksOnlyConfiguration(condition));
}

function isImporterOps(code: string, name: string): boolean {
  return new RegExp(`struct\\s+${importerOpsTag}\\s*\\*?\\s*${name}\\b`).test(code);
}
