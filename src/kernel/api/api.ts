import type { ResourceKind } from '../resources.js';
import { type ApiForm, type ApiParameter, type ApiRole, type ApiRow, apiRows, type ResultConvention } from './rows.js';

const rowsByName: ReadonlyMap<string, ApiRow> = new Map(apiRows.map((row) => [row.name, row]));

/** What every name of the API begins with, but for the inline get_dma_buf(). */
export const apiPrefix = 'dma_buf_';

/** The row of a function; undefined for one that is not of the API. */
export function apiRow(name: string): ApiRow | undefined {
  return rowsByName.get(name);
}

/** What a function of the API is for; undefined for any other function. */
export function roleOf(name: string): ApiRole | undefined {
  return rowsByName.get(name)?.role;
}

/** The functions that play a role, in the order of the table: the older name of a renamed function first. */
export function functionsWithRole(...roles: readonly ApiRole[]): readonly string[] {
  return roles.flatMap((role) => apiRows.filter((row) => row.role === role).map(({ name }) => name));
}

/** The functions that play a role in released kernels. */
export function releasedFunctions(role: ApiRole): readonly string[] {
  return apiRows.filter((row) => row.role === role && !row.posted).map(({ name }) => name);
}

/** The one function of a role that only one function plays. */
export function functionWithRole(role: ApiRole): string {
  const [name, second] = functionsWithRole(role);
  if (name === undefined || second !== undefined) throw new Error(`not one function of the API is for ${role}`);
  return name;
}

/** Index, 0-based, of a parameter in the functions of a role. They agree in it. */
export function parameterIndex(role: ApiRole, parameter: ApiParameter): number {
  const index = apiRows.find((row) => row.role === role)?.parameters.indexOf(parameter) ?? -1;
  if (index < 0) throw new Error(`a function of the API that is for ${role} has no parameter for the ${parameter}`);
  return index;
}

/** The functions that make an attachment, with ops of an importer or without. */
export const attachFunctions: readonly string[] = functionsWithRole('attach', 'dynamic-attach', 'mapping-attach');

/** Whether a function attaches with the ops of an importer. */
export function attachesWithOps(name: string): boolean {
  return argumentIndex(name, 'ops') !== undefined;
}

/** Index, 0-based, of a parameter of a function of the API; undefined where it has none of the kind. */
export function argumentIndex(name: string, parameter: ApiParameter): number | undefined {
  const index = rowsByName.get(name)?.parameters.indexOf(parameter) ?? -1;
  return index < 0 ? undefined : index;
}

/** What a call does to a resource. Numbers are indices of arguments, 0-based. */
export type Effect =
  | {
      readonly kind: 'acquire';
      readonly resource: ResourceKind;
      readonly handle: 'result' | number;
      readonly of: number | null;
      readonly direction: number | null;
    }
  | {
      readonly kind: 'release';
      readonly resource: ResourceKind;
      readonly handle: number;
      readonly direction: number | null;
    }
  | { readonly kind: 'make-fd'; readonly handle: number };

/** A function of the API whose effect on resources is followed. */
export interface ApiFunction {
  readonly effects: readonly Effect[];
  readonly result: Exclude<ResultConvention, 'true-or-false'>;
}

/** The functions of the API that take, give back or hand over a resource, by name. */
export const apiFunctions: ReadonlyMap<string, ApiFunction> = new Map(
  apiRows.flatMap((row) => functionOf(row).map((one) => [row.name, one] as const)),
);

const formerFunctions: ReadonlyMap<string, ApiFunction & { readonly parameters: number }> = new Map(
  apiRows.flatMap(({ name, former }) =>
    former ? functionOf(former).map((one) => [name, { ...one, parameters: former.parameters.length }] as const) : [],
  ),
);

/** The function of the API that a call means, in the form that takes so many arguments. */
export function apiFunction(name: string, count: number): ApiFunction | undefined {
  const former = formerFunctions.get(name);
  return former?.parameters === count ? former : apiFunctions.get(name);
}

function functionOf(form: ApiForm): readonly ApiFunction[] {
  const { result } = form;
  const effect = effectOf(form);
  return !effect || result === 'true-or-false' ? [] : [{ effects: [effect], result }];
}

function effectOf({ effect, parameters }: ApiForm): Effect | null {
  if (!effect) return null;
  const indexOf = (parameter: ApiParameter): number => parameters.indexOf(parameter);
  const direction = parameters.includes('direction') ? indexOf('direction') : null;
  switch (effect.kind) {
    case 'acquire': {
      const { resource, handle, of } = effect;
      return {
        kind: 'acquire',
        resource,
        handle: handle === 'result' ? handle : indexOf(handle),
        of: of === undefined ? null : indexOf(of),
        direction,
      };
    }
    case 'release':
      return { kind: 'release', resource: effect.resource, handle: indexOf(effect.handle), direction };
    case 'make-fd':
      return { kind: 'make-fd', handle: indexOf(effect.handle) };
  }
}

/** Which argument of a function of the API leads to the buffer, and whether it does so by its attachment. */
export interface BufferArgument {
  /** 0-based. */
  readonly index: number;
  readonly isAttachment: boolean;
}

/** The argument that leads to the buffer whose lock a call is about; undefined where there is none. */
export function bufferArgument(name: string): BufferArgument | undefined {
  const parameters = rowsByName.get(name)?.parameters ?? [];
  const index = parameters.findIndex((parameter) => parameter === 'buffer' || parameter === 'attachment');
  return index < 0 ? undefined : { index, isAttachment: parameters[index] === 'attachment' };
}

/** The functions that must be called with the reservation lock held, or without it, in Linux 7.3. */
export function functionsWithLock(lock: NonNullable<ApiRow['lock']>): readonly string[] {
  return apiRows.filter((row) => row.lock === lock && !row.posted).map(({ name }) => name);
}

/** Whether a function of the API looks at what it is given, and neither keeps nor frees it. */
export function apiBorrows(name: string): boolean {
  return rowsByName.get(name)?.borrows ?? false;
}

/** Functions of the struct file in a buffer that do what a role of the API does. Source: include/linux/file.h. */
export const fileFunctions: ReadonlyMap<string, ApiRole> = new Map([
  ['fput', 'put'],
  ['get_file', 'ref'],
]);

const fileTakers = new Set(['get_file', 'fget', 'fget_raw']);

/** Whether a function returns a reference to a file, which keeps the file's buffer. Sources: include/linux/fs.h, file.h. */
export function takesFile(name: string): boolean {
  return fileTakers.has(name);
}

/** The member of a buffer that is its file: a reference to one is a reference to the other. */
export const bufferFile = 'file';

/** The functions that take or drop a reference of a buffer, or of the file in it. */
export function referenceFunctions(role: 'put' | 'ref'): readonly string[] {
  return [...functionsWithRole(role), ...[...fileFunctions].flatMap(([name, of]) => (of === role ? [name] : []))];
}

/**
 * Functions that take a reference of a file only if it has one still: whoever calls them has a pointer that owns none.
 * Sources: fs/file.c, include/linux/fs.h; vmwgfx up to 6.12 asks the count of the file itself.
 */
export const weakFileGets: ReadonlySet<string> = new Set([
  'get_file_active',
  'get_file_rcu',
  'get_file_rcu_many',
  'atomic_long_inc_not_zero',
]);

/** The function that gives a file a descriptor: `fd_install(fd, file)`. Source: include/linux/file.h. */
export const fileInstall = 'fd_install';

/**
 * The macro that does the same with a new number, and returns that or an error: `FD_ADD(flags, file)`. It takes the file only
 * if there is a number for it. Source: include/linux/file.h, since 6.19.
 */
export const fileDescribe = 'FD_ADD';

/**
 * The macro that prepares both for fd_publish(), and otherwise drops the file at the end of the scope. Source: as
 * above.
 */
export const filePrepare = 'FD_PREPARE';

/** The uses of what it has prepared: install the descriptor, ask for the number, ask for the file. Source: as above. */
export const preparedFile = {
  install: 'fd_publish',
  number: { function: 'fd_prepare_fd', member: '__fd' },
  file: { function: 'fd_prepare_file', member: '__file' },
} as const;

/** The function that reserves a number for a descriptor, which nobody can use until it is installed. Source: as above. */
export const reserveDescriptor = 'get_unused_fd_flags';

/** Whether code names the type of a buffer. */
export function declaresBuffer(code: string): boolean {
  return /\bstruct\s+dma_buf\b/.test(code);
}

/** Whether a type is a pointer to what the API hands out: a buffer, an attachment or a table. */
export function isResourceType(type: string): boolean {
  return /\bstruct\s+(?:dma_buf|dma_buf_attachment|sg_table)\s*\*/.test(type);
}

/** Whether a text may define a function that returns such a type. */
export function mayReturnResource(text: string): boolean {
  return /\bstruct\s+(?:dma_buf|dma_buf_attachment|sg_table)\s*\*\s*\w+\s*\(/.test(text);
}

/** Whether a function closes an installed descriptor. Sources: fs/file.c, include/linux/syscalls.h. */
export function closesInstalled(name: string): boolean {
  return /^(?:(?:__)?close_fd|(?:ksys|sys)_close)$/.test(name);
}

/** Whether a function closes a descriptor, or gives back its number. Sources: fs/file.c, include/linux/syscalls.h. */
export function closesDescriptor(name: string): boolean {
  return closesInstalled(name) || name === 'put_unused_fd';
}
