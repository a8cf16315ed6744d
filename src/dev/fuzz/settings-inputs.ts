import fc from 'fast-check';
import { rules } from '../../../rules/index.js';
import { hostilePieces, mutatedLittle } from './fuzz-inputs.js';

// Configurations and baselines as a stranger may write them: most can be read, so that what comes after reading is tried.

const severities = ['off', 'note', 'warning', 'error'];
const paths = ['drivers/gpu', 'drivers/gpu/', 'drivers/gpu/**', 'a.c', '.', '/', '..', 'é.c', '__proto__', 'a//b', '*'];
const words = ['__odd', '__init', 'constructor', 'toString', '_', 'x1', 'dma_buf_pin'];
const ids = rules.map(({ id }) => id);
const anyText = fc.oneof(fc.constantFrom(...hostilePieces), fc.string({ unit: 'binary', maxLength: 12 }));

/** One of these; seldom something else, which may be wrong. */
const mostly = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 19, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: anyText });
const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 4 });

const config = fc.record(
  {
    $schema: fc.constant('https://example.org/schema.json'),
    rules: fc.dictionary(mostly(ids), mostly(severities), { maxKeys: 4 }),
    markers: few(fc.record({ field: mostly(words), meaning: mostly(['cannot-revoke', 'can-revoke']) })),
    macros: few(mostly(words)),
    exclude: few(fc.oneof(fc.constantFrom(...paths), anyText)),
    baseline: mostly(['x.jsonl', 'dmabuf-lint-baseline.jsonl', 'a/b.jsonl', 'include/../x']),
  },
  { requiredKeys: [] },
);

const indents = fc.constantFrom(undefined, 2, '\t', '\r\n');

/** Texts of configurations; one in five is damaged. */
export const configTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(config, indents).map(([value, indent]) => JSON.stringify(value, null, indent)) },
  {
    weight: 1,
    arbitrary: mutatedLittle(
      [
        '{"rules": {"pin-leak": "off", "map-leak": "note"}, "exclude": ["drivers/gpu/**"]}',
        '{"macros": ["__odd"], "markers": [{"field": "pinned_only", "meaning": "cannot-revoke"}], "baseline": "x.jsonl"}',
      ],
      ['"rules"', '"off"', '"exclude"', ':', ',', 'null', '1e999', '"\\u0000"', '"__proto__"'],
    ),
  },
);

const optional = (text: string): fc.Arbitrary<string> => fc.oneof(fc.constant(text), anyText);
const entry = fc.record(
  {
    file: fc.constantFrom(...paths),
    rule: mostly(ids),
    subject: optional('f'),
    source: optional('dma_buf_pin(attach);'),
    occurrence: fc.nat(3),
    message: optional('m'),
    reason: optional(''),
    fingerprint: fc.constant('00'),
  },
  { requiredKeys: ['file', 'rule', 'subject', 'source'] },
);

/** Texts of baselines; one in five is damaged. */
export const baselineTexts: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(few(entry), fc.constantFrom('\n', '\r\n', '\n\n'))
      .map(([entries, end]) => [{ version: 1 }, ...entries].map((line) => JSON.stringify(line) + end).join('')),
  },
  {
    weight: 1,
    arbitrary: mutatedLittle(
      [
        '{"version":1}\n{"file":"a.c","rule":"pin-leak","subject":"f","source":"x","occurrence":0,"message":"m","reason":"r"}\n',
      ],
      ['<<<<<<< ours\n', '\ufeff', '{"version":2}\n', '"occurrence":-1', '\\ud800', ',', '\n'],
    ),
  },
);
