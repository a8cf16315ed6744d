import { constantVariables } from '../outline/constant-variables.js';
import type { SourceFile } from '../outline/outline.js';
import { expressionValue } from '../prepare/condition-value.js';
import { decideBranches, waysOf } from '../prepare/decide-branches.js';
import { type KnownMacro, versionMacros } from '../prepare/macro-table.js';
import { maskText } from '../prepare/mask.js';

/** The value of an expression in C that asks which kernel is built: `LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)`. */
export interface VersionTests {
  /** Null for an expression that asks for anything else, or that is not decided. */
  valueOf(text: string): number | null;
}

const none: VersionTests = { valueOf: () => null };
const known = new WeakMap<SourceFile, VersionTests>();

/** The tests of the kernel version that a file can make, itself or through macros. */
export function versionTestsOf(file: SourceFile): VersionTests {
  let tests = known.get(file);
  if (!tests) {
    tests = createTests(file);
    known.set(file, tests);
  }
  return tests;
}

function createTests(file: SourceFile): VersionTests {
  const { text, before } = file;
  if (!text.includes('LINUX_VERSION') && !before.asksVersion) return none;
  const { macros: defined } = decideBranches(maskText(text), before.macros);
  const macros = new Map([...constantsOf(file), ...defined]);
  const names = namesOf(macros);
  const word = new RegExp(`\\b(?:${names.join('|')})\\b`);
  return { valueOf: (expression) => (word.test(expression) ? expressionValue(expression, macros) : null) };
}

/** The constant variables of a file, each as the macro that it might be. */
function constantsOf(file: SourceFile): readonly (readonly [string, KnownMacro])[] {
  return constantVariables(file).map(({ name, value }) => [
    name,
    { kind: 'defined', macro: { parameters: null, body: `(${value})` } },
  ]);
}

/** The macros that stand for the version, or for a question about it. */
function namesOf(macros: ReadonlyMap<string, KnownMacro>): readonly string[] {
  const names = new Set(versionMacros);
  for (let size = 0; size < names.size; ) {
    size = names.size;
    const word = new RegExp(`\\b(?:${[...names].join('|')})\\b`);
    for (const [name, macro] of macros) if (waysOf(macro).some(({ body }) => word.test(body))) names.add(name);
  }
  return [...names];
}
