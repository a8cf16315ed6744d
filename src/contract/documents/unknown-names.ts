// Which API names does code use that the tree does not have?

import { apiPrefix, dmaBufHeader, importerOpsMember, importerOpsTag } from '../../kernel/index.js';
import { type Codebase, functionAt, memoByFile, plain } from '../../program/index.js';
import type { Contract } from '../model/contract.js';
import { placeOf } from '../places.js';
import type { OpsTable } from '../tables/ops-table.js';
import type { Dialect } from './dialect.js';
import { type RenamedFunction, renamedFunctions } from './renamed-functions.js';

/** A use of an API name that the tree does not have: the code does not build, or not yet. */
export interface UnknownUse {
  readonly name: string;
  readonly kind: 'function' | 'member';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function, or the ops table, that uses it. */
  readonly subject: string;
}

/** Returns every use of a `dma_buf_…` function, or of a member of the ops structs, that the tree does not have. */
export function unknownUses({ codebase, dialect, names, importers, exporters }: Contract): readonly UnknownUse[] {
  return [
    ...unknownFunctions(codebase, dialect, renamedFunctions(names)),
    ...importers.flatMap(({ table }) => unknownMembers(codebase, table, dialect.importerFields)),
    ...exporters.flatMap(({ table }) => unknownMembers(codebase, table, dialect.exporterFields)),
    ...unknownAccesses(codebase, dialect),
    ...accessesOfVariables(codebase, dialect),
  ];
}

function unknownFunctions(
  codebase: Codebase,
  { declared }: Dialect,
  renamed: readonly RenamedFunction[],
): readonly UnknownUse[] {
  const { program, definitions } = codebase;
  const leftovers = renamed.map(({ leftover }) => `|${leftover}`).join('');
  const apiCall = new RegExp(`\\b(${apiPrefix}\\w+${leftovers})\\s*\\(`, 'g');
  return program.candidates.flatMap((path) => {
    const names = (): readonly string[] => {
      const code = path === dmaBufHeader ? '' : (program.text(path) ?? '');
      return [...new Set([...code.matchAll(apiCall)].map(([, name = '']) => name))];
    };
    const unknown = memoByFile(codebase, path, `names\0${apiCall.source}`, names, plain()).filter(
      (name) => !declared.has(name) && !definitions.find(name, path) && definitions.macro(name, path) === undefined,
    );
    return unknown.flatMap((name) =>
      codebase.references.of(name, [path]).flatMap(({ at, inside, isCall }): readonly UnknownUse[] => {
        if (!isCall || !inside || at < inside.outline.bodyStart) return [];
        return [useAt(codebase, path, at, { name, kind: 'function', subject: inside.outline.name })];
      }),
    );
  });
}

function unknownMembers(codebase: Codebase, table: OpsTable, fields: readonly string[]): readonly UnknownUse[] {
  if (fields.length === 0 || table.unreadable) return [];
  return table.members
    .filter(({ field }) => /^\w+$/.test(field) && !fields.includes(field))
    .map(({ field, at }) => useAt(codebase, table.path, at, { name: field, kind: 'member', subject: table.name }));
}

/** Members that code reads through an attachment: `attach->importer_ops->x`. */
function unknownAccesses(codebase: Codebase, { importerFields }: Dialect): readonly UnknownUse[] {
  const access = new RegExp(`\\b${importerOpsMember}\\s*->\\s*(\\w+)`, 'g');
  return codebase.program.candidatesWith(new RegExp(`\\b${importerOpsMember}\\s*->`)).flatMap((path) =>
    [...(codebase.program.file(path)?.code ?? '').matchAll(access)].flatMap((match): readonly UnknownUse[] => {
      const [whole, name = ''] = match;
      if (importerFields.includes(name)) return [];
      const at = match.index + whole.length - name.length;
      const subject = functionAt(codebase.program, path, at)?.outline.name ?? importerOpsTag;
      return [useAt(codebase, path, at, { name, kind: 'member', subject })];
    }),
  );
}

/** Members that code reads through a variable for the ops: `ops->x`. */
function accessesOfVariables(codebase: Codebase, { importerFields }: Dialect): readonly UnknownUse[] {
  const variable = `\\bstruct\\s+${importerOpsTag}\\s*\\*\\s*(?:const\\s+)?(\\w+)`;
  if (importerFields.length === 0) return [];
  return codebase.program.candidatesWith(new RegExp(variable)).flatMap((path) => {
    const { code = '', unit } = codebase.program.file(path) ?? {};
    return (unit?.functions ?? []).flatMap(({ name: subject, start, end }) => {
      const text = code.slice(start, end);
      const names = [...text.matchAll(new RegExp(variable, 'g'))].map(([, name = '']) => name);
      // The name of the member is told by its access through the attachment.
      const own = [...new Set(names)].filter((name) => name !== importerOpsMember);
      return own.flatMap((name) =>
        [...text.matchAll(new RegExp(`(?<!->\\s*|\\.\\s*)\\b${name}\\s*->\\s*(\\w+)`, 'g'))].flatMap((match) => {
          const [whole, member = ''] = match;
          if (importerFields.includes(member)) return [];
          const at = start + match.index + whole.length - member.length;
          return [useAt(codebase, path, at, { name: member, kind: 'member', subject })];
        }),
      );
    });
  });
}

function useAt(
  codebase: Codebase,
  path: string,
  at: number,
  use: Pick<UnknownUse, 'name' | 'kind' | 'subject'>,
): UnknownUse {
  const { line, column } = placeOf(codebase, path, at, null);
  return { ...use, file: path, line, column };
}
