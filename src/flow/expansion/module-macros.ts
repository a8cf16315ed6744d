import { asksForError, isHarmless, isLog, isNamedForLock } from '../../kernel/index.js';
import type { Codebase, MacroDefinition } from '../../program/index.js';
import { accessorsAmong } from './accessors.js';
import { type OwnValue, ownValue } from './own-values.js';

/** A macro that may leave the statement in which it stands. */
const jump = /\b(?:goto|return|break|continue)\b/;
/** An expression that compares. */
const comparison = /[!=]=|!\s*\(|[<>]=?\s*\(?0/;
/** Headers of the kernel itself: its macros are known by name. */
const ofKernel = /^(?:include|arch|tools)\//;

/** Some of the macros: each is judged when a function uses it, since a driver has thousands that none does. */
interface Names {
  has(name: string): boolean;
}

/** The macros of a file and of the headers of its module. */
export interface ModuleMacros {
  /** All that have a body, by name. */
  readonly all: ReadonlyMap<string, MacroDefinition>;
  /** Those that leave the function or a loop, themselves or through another: what uses one is control flow. */
  readonly jumping: ReadonlySet<string>;
  /** Those that assign an argument: `#define EX_GET(p, call) ({ (p) = (call); PTR_ERR_OR_ZERO(p); })`. */
  readonly filling: Names;
  /** Those that are a test of their arguments: `#define EX_FAILED(p) (IS_ERR(p) || !(p))`. */
  readonly tests: Names;
  /** Those whose value depends on whether a pointer is an error: `#define EX_ERR(p) (IS_ERR(p) ? PTR_ERR(p) : 0)`. */
  readonly questions: ReadonlySet<string>;
  /** Those that take a lock around the call in an argument: `#define EX_LOCKED(x, call) ({ lock(x); call; unlock(x); })`. */
  readonly bracketing: Names;
  /** What a macro is that is what an argument is: `#define EX_DBG(x, cond) ((cond) && (print(x), 1))`. */
  ownValueOf(name: string): OwnValue | undefined;
  /** Those that only log: `#define EX_LOG(fmt, args...) do { if (ex_debug) pr_info(fmt, ##args); } while (0)`. */
  readonly logging: ReadonlySet<string>;
  /** Those that only read or change members: `#define ex_has(x, s) ((x)->done & (s))`. */
  readonly accessors: Names;
}

/** The macros that code in a file may use. Those of the kernel's own headers are known by name, and are not among them. */
export function moduleMacros(codebase: Codebase, path: string): ModuleMacros {
  return codebase.memory.recall(`module-macros\0${path}`, () => {
    const files = [...codebase.program.translationUnit(path), ...codebase.definitions.headers(path)];
    const all = new Map<string, MacroDefinition>();
    for (const file of files.filter((one) => one === path || !ofKernel.test(one)))
      for (const macro of codebase.program.macrosIn(file)) if (!all.has(macro.name)) all.set(macro.name, macro);
    return {
      all,
      jumping: jumpingAmong(all),
      filling: judged(all, fills),
      tests: judged(all, isTest),
      questions: questionsAmong(all),
      bracketing: judged(all, isBracket),
      ownValueOf: createOwnValues(all),
      logging: loggingAmong(all),
      accessors: accessorsAmong(codebase, path, all),
    };
  });
}

function judged(all: ReadonlyMap<string, MacroDefinition>, isOne: (macro: MacroDefinition) => boolean): Names {
  const known = new Map<string, boolean>();
  return {
    has(name) {
      let answer = known.get(name);
      if (answer === undefined) {
        const macro = all.get(name);
        answer = macro !== undefined && isOne(macro);
        known.set(name, answer);
      }
      return answer;
    },
  };
}

function jumpingAmong(all: ReadonlyMap<string, MacroDefinition>): ReadonlySet<string> {
  const macros = [...all.values()];
  return withUsers(macros, new Set(macros.filter(({ body }) => jump.test(body)).map(({ name }) => name)));
}

/** An assignment, and no comparison. */
const assignment = /[^=!<>]=[^=]/;

const fills = ({ parameters, body }: MacroDefinition): boolean =>
  assignment.test(body) &&
  (parameters?.some((name) => new RegExp(`(?:^|[;{(,])\\s*\\(?\\s*${name}\\s*\\)?\\s*=(?!=)`).test(body)) ?? false);

const isTest = ({ parameters, body }: MacroDefinition): boolean =>
  parameters !== null && (asksForError(body) || comparison.test(body)) && !/[{};#]/.test(body);

function questionsAmong(all: ReadonlyMap<string, MacroDefinition>): ReadonlySet<string> {
  const values = [...all.values()].filter(
    ({ parameters, body }) => parameters !== null && !jump.test(body) && !body.includes('#'),
  );
  return withUsers(values, new Set(values.filter(({ body }) => asksForError(body)).map(({ name }) => name)));
}

/** Some macros, and the macros that use one of them, directly or through another macro. */
function withUsers(macros: readonly MacroDefinition[], some: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(some);
  for (let size = -1; size < found.size && found.size > 0; ) {
    size = found.size;
    const word = new RegExp(`\\b(?:${[...found].join('|')})\\b`);
    for (const { name, body } of macros) if (word.test(body)) found.add(name);
  }
  return found;
}

const isBracket = ({ parameters, body }: MacroDefinition): boolean =>
  (parameters?.length ?? 0) > 1 &&
  !body.includes('#') &&
  [...body.matchAll(/\b(\w+)\s*\(/g)].filter(([, name = '']) => isNamedForLock(name.toLowerCase())).length > 1;

function createOwnValues(all: ReadonlyMap<string, MacroDefinition>): ModuleMacros['ownValueOf'] {
  const known = new Map<string, OwnValue | undefined>();
  return (name) => {
    const macro = all.get(name);
    if (macro && !known.has(name)) known.set(name, ownValue(macro));
    return known.get(name);
  };
}

const called = /\b([A-Za-z_]\w*)\s*\(/g;
const keywords: ReadonlySet<string> = new Set(['if', 'while', 'do', 'for', 'sizeof', 'likely', 'unlikely']);
/** Text that a log prints, and everything else that no code is. */
const quoted = /"(?:[^"\\]|\\.)*"/g;
const change = /\+\+|--|(?:^|[^=!<>])=(?!=)|->\s*\w+\s*\(/;

function loggingAmong(all: ReadonlyMap<string, MacroDefinition>): ReadonlySet<string> {
  const found = new Set<string>();
  for (let size = -1; size < found.size; ) {
    size = found.size;
    for (const { name, parameters, body } of all.values()) {
      if (parameters === null || found.has(name)) continue;
      const code = body.replace(quoted, '');
      const names = [...code.matchAll(called)].map(([, one = '']) => one);
      const logs = (one: string): boolean => isLog(one) || found.has(one);
      if (names.some(logs) && !change.test(code) && names.every((one) => logs(one) || isQuiet(one))) found.add(name);
    }
  }
  return found;
}

const isQuiet = (name: string): boolean => keywords.has(name) || isHarmless(name);
