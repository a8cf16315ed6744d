import { type NameTable, nameTable } from '../names.js';
import type { Sense } from '../predicates.js';

/** A macro after which one of its arguments is known, since the test ends where it is not so. */
export interface Assertion {
  readonly names: NameTable;
  /** Index of that argument, 0-based. */
  readonly argument: number;
  /** The argument that it is compared with: it must be 0 for the assertion to say something. Null where there is none. */
  readonly comparedWith: number | null;
  /** What the argument is afterwards. */
  readonly leaves: readonly Sense[];
}

// Source: include/kunit/test.h. KUNIT_EXPECT_*() goes on where it fails, KUNIT_ASSERT_*() ends the test.
const assertions: readonly Assertion[] = [
  kunit('NOT_ERR_OR_NULL', ['good']),
  kunit('NOT_NULL', ['good', 'error']),
  kunit('NULL', ['zero']),
  kunit('TRUE', ['good', 'error']),
  kunit('FALSE', ['zero']),
  kunit('EQ', ['zero'], 2),
  kunit('NE', ['good', 'error'], 2),
];

function kunit(what: string, leaves: readonly Sense[], comparedWith: number | null = null): Assertion {
  const names = nameTable({
    topic: 'assertions',
    source: 'include/kunit/test.h',
    names: [`KUNIT_ASSERT_${what}{,_MSG}`],
  });
  return { names, argument: 1, comparedWith, leaves };
}

/** What a macro asserts; undefined for one that is no assertion. */
export function assertionOf(name: string): Assertion | undefined {
  return assertions.find(({ names }) => names.has(name));
}
