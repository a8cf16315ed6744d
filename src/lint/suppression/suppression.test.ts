import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleTree } from '../../dev/examples/example-tree.js';
import { type Config, defaultConfig } from '../config/config.js';
import { lintTree } from '../lint.js';
import type { Result } from '../result.js';
import { defineRule, defineSuppressionRule, type Rule } from '../rule.js';

const example = 'drivers/example/example.c';

/** A rule that reports every call of a function, wherever it is spoken of. */
function flags(id: string, word: string, inFile = example): Rule {
  return defineRule({
    id,
    group: 'importer',
    severity: 'error',
    scope: 'file',
    *check({ codebase }) {
      const text = codebase.program.text(inFile) ?? '';
      for (const match of text.matchAll(new RegExp(`\\b${word}\\(`, 'g')))
        yield { path: inFile, at: match.index, subject: 's', confidence: 'high', message: 'is called', trace: [] };
    },
  });
}

const invalidSuppression = defineSuppressionRule({
  id: 'invalid-suppression',
  group: 'suppression',
  severity: 'warning',
  scope: 'file',
  *check({ invalid }) {
    for (const { path, at, problem } of invalid)
      yield { path, at, subject: 's', confidence: 'high', message: Object.values(problem).join(' '), trace: [] };
  },
});

const unusedSuppression = defineSuppressionRule({
  id: 'unused-suppression',
  group: 'suppression',
  severity: 'warning',
  scope: 'file',
  *check({ unused }) {
    for (const { suppression, coveredBy, isCertain } of unused) {
      const { path, at, rule } = suppression;
      const confidence = isCertain ? 'high' : 'low';
      yield { path, at, subject: rule, confidence, message: `${rule}, covered by ${coveredBy}`, trace: [] };
    }
  },
});

const rules = [flags('flags-a', 'a'), flags('flags-b', 'b'), invalidSuppression, unusedSuppression];

async function lint(code: string, config: Partial<Config> = {}): Promise<Result> {
  const { tree } = exampleTree({ isBad: true, code: `/* dma_buf_ */ ${code}`, options: {}, line: 1 });
  return lintTree(tree, rules, { ...defaultConfig, ...config });
}

/** `line rule` of what stays, and `line rule: reason` of what is suppressed. */
async function outcome(code: string, config: Partial<Config> = {}) {
  const { findings, suppressed } = await lint(code, config);
  return {
    stays: findings.map(({ line, rule }) => `${line} ${rule}`),
    goes: suppressed.map(({ finding, reason }) => `${finding.line} ${finding.rule}: ${reason}`),
  };
}

/** In a function: the code starts on line 2. */
const body = (code: string): string => `void f(void) {\n${code}\n}\n`;

describe('a suppression', () => {
  const places: Readonly<Record<string, string>> = {
    'above the line': '/* dmabuf-lint: ignore flags-a -- why */\na();',
    'behind the code': 'a(); /* dmabuf-lint: ignore flags-a -- why */',
    'before the code': '/* dmabuf-lint: ignore flags-a -- why */ a();',
    'of two slashes': '// dmabuf-lint: ignore flags-a -- why\na();',
    'behind the code, of two slashes': 'a(); // dmabuf-lint: ignore flags-a -- why',
    'in a longer comment': '/*\n * More.\n *\n * dmabuf-lint: ignore flags-a -- why\n *\n * And more.\n */\na();',
    'in a longer comment of two slashes': '// More.\n// dmabuf-lint: ignore flags-a -- why\n//\n// And more.\na();',
    'above another comment': '/* dmabuf-lint: ignore flags-a -- why */\n/* More. */\na();',
    'above a statement of several lines': '/* dmabuf-lint: ignore flags-a -- why */\nint x = g(1,\n  h(2),\n  a());',
    'above a label': '/* dmabuf-lint: ignore flags-a -- why */\nout:\n  a();',
    'above an else': 'if (x) {\n/* dmabuf-lint: ignore flags-a -- why */\n} else if (y &&\n  a()) {\n}',
    'with a reason that goes on': '/* dmabuf-lint: ignore flags-a --\n * why */\na();',
    'without blanks': '/*dmabuf-lint:ignore flags-a--why*/\na();',
    'in kernel-doc': '/**\n * dmabuf-lint: ignore flags-a -- why\n */\na();',
    'above a macro': '/* dmabuf-lint: ignore flags-a -- why */\n#define M a()',
    'in a macro': '#define M do { \\\n/* dmabuf-lint: ignore flags-a -- why */ \\\na(); \\\n} while (0)',
    'in the comment that the finding is about': '/* Calls a().\n * dmabuf-lint: ignore flags-a -- why\n */\ng();',
  };
  for (const [where, code] of Object.entries(places))
    it(`may stand ${where}`, async () => {
      for (const text of [body(code), body(code).replaceAll('\n', '\r\n')]) {
        const { stays, goes } = await outcome(text);
        assert.deepEqual(stays, []);
        assert.equal(goes.length, 1);
        assert.match(goes[0] ?? '', /^\d+ flags-a: why$/);
      }
    });

  const tooFar: Readonly<Record<string, string>> = {
    'below an empty line': '/* dmabuf-lint: ignore flags-a -- why */\n\na();',
    'in the next statement': '/* dmabuf-lint: ignore flags-a -- why */\ng();\na();',
    'in the body of the statement': '/* dmabuf-lint: ignore flags-a -- why */\nif (g()) {\na();\n}',
    'in the next member': 'struct s t = {\n/* dmabuf-lint: ignore flags-a -- why */\n.x = g(),\n.y = a(),\n};',
    'below code that it stands behind': 'g(); /* dmabuf-lint: ignore flags-a -- why */\na();',
    'above it': 'a();\n/* dmabuf-lint: ignore flags-a -- why */',
  };
  for (const [where, code] of Object.entries(tooFar))
    it(`does not reach what is ${where}`, async () => {
      const { stays, goes } = await outcome(body(code));
      assert.deepEqual(goes, []);
      assert.deepEqual(stays.map((finding) => finding.split(' ')[1]).sort(), ['flags-a', 'unused-suppression']);
    });

  it('may name several rules', async () => {
    assert.deepEqual(await outcome(body('/* dmabuf-lint: ignore flags-a, flags-b -- why */\na(b());')), {
      stays: [],
      goes: ['3 flags-a: why', '3 flags-b: why'],
    });
  });

  it('leaves the findings of other rules', async () => {
    const { stays, goes } = await outcome(body('/* dmabuf-lint: ignore flags-a -- why */\na(b());'));
    assert.deepEqual([stays, goes], [['3 flags-b'], ['3 flags-a: why']]);
  });

  it('has its place and its whole reason in the result', async () => {
    const result = await lint(body('/* dmabuf-lint: ignore flags-a -- it is\n * right -- really\n */\na(a());'));
    assert.deepEqual(result.suppressed[0]?.place, { file: example, line: 2, column: 24, function: 'f' });
    assert.equal(result.suppressed[0]?.reason, 'it is right -- really');
  });

  it('changes no fingerprint of what stays', async () => {
    const before = (await lint(body('a();\na();'))).findings.map(({ fingerprint }) => fingerprint);
    const after = await lint(body('/* dmabuf-lint: ignore flags-a -- why */\na();\na();'));
    assert.deepEqual(
      after.findings.map(({ fingerprint }) => fingerprint),
      before.slice(1),
    );
  });

  it('is found in a file that only has a finding', async () => {
    const { tree } = exampleTree({
      isBad: true,
      code: body('a(); // dmabuf-lint: ignore flags-a -- why'),
      options: {},
      line: 1,
    });
    const { suppressed } = await lintTree(tree, rules, defaultConfig);
    assert.equal(suppressed.length, 1);
  });
});

describe('a suppression that cannot be followed', () => {
  const wrong: readonly (readonly [order: string, problem: string])[] = [
    ['ignore flags-a', 'no-reason'],
    ['ignore flags-a because of something', 'no-reason'],
    ['ignore flags-a --', 'no-reason'],
    ['ignore flags-a -- ...', 'no-reason'],
    ['ignore', 'no-rule'],
    ['ignore -- why', 'no-rule'],
    ['ignore , -- why', 'no-rule'],
    ['ignore flag-a -- why', 'unknown-rule flag-a flags-a'],
    ['ignore something-else-entirely -- why', 'unknown-rule something-else-entirely '],
    ['ignore constructor -- why', 'unknown-rule constructor '],
    ['disable flags-a -- why', 'unknown-word disable'],
    ['ignore-next-line flags-a -- why', 'unknown-word ignore-next-line'],
    ['', 'unknown-word '],
  ];
  for (const [order, problem] of wrong)
    it(`is reported: '${order}'`, async () => {
      for (const comment of [`/* dmabuf-lint: ${order} */`, `// dmabuf-lint: ${order}`]) {
        const { findings, suppressed } = await lint(body(`${comment}\na();`));
        assert.deepEqual(
          findings.map(({ line, rule, severity }) => `${line} ${rule} ${severity}`),
          ['2 invalid-suppression warning', '3 flags-a error'],
        );
        assert.equal(findings[0]?.message, problem);
        assert.deepEqual(suppressed, []);
      }
    });

  it('is reported at each wrong id, and the right ones count', async () => {
    const { findings, suppressed } = await lint(body('/* dmabuf-lint: ignore flags-x, flags-a -- why */\na();'));
    assert.deepEqual(
      findings.map(({ rule, line, column }) => `${line}:${column} ${rule}`),
      ['2:24 invalid-suppression'],
    );
    assert.equal(suppressed.length, 1);
  });

  it('is one that names a rule about suppressions', async () => {
    const order = '/* dmabuf-lint: ignore unused-suppression, flags-a -- why */';
    assert.deepEqual((await outcome(body(order))).stays, ['2 invalid-suppression', '2 unused-suppression']);
  });

  it('is not one that stands in a string, or in the middle of a line', async () => {
    const code = 'g("/* dmabuf-lint: ignore flags-a -- why */"); a();\n/* See dmabuf-lint: ignore. */\na();';
    assert.deepEqual(await outcome(body(code)), { stays: ['2 flags-a', '4 flags-a'], goes: [] });
  });
});

describe('a suppression that suppresses nothing', () => {
  it('is reported at its id, for each rule', async () => {
    const code = body('/* dmabuf-lint: ignore flags-a, flags-b -- why */\na();');
    const { findings } = await lint(code);
    assert.deepEqual(
      findings.map(({ line, column, rule, severity }) => `${line}:${column} ${rule} ${severity}`),
      ['2:33 unused-suppression warning'],
    );
  });

  it('is the first of two for the same finding', async () => {
    const order = '/* dmabuf-lint: ignore flags-a -- why */';
    const { findings, suppressed } = await lint(body(`${order}\na(); ${order}`));
    assert.deepEqual(
      findings.map(({ line, message }) => `${line} ${message}`),
      ['2 flags-a, covered by 3'],
    );
    assert.equal(suppressed.length, 1);
  });

  it('is reported at the end of a file, closed or not', async () => {
    const order = '/* dmabuf-lint: ignore flags-a -- why';
    for (const end of [`${order} */`, order, `// ${order.slice(3)}`])
      assert.deepEqual(await outcome(`${body('a();')}${end}`), {
        stays: ['2 flags-a', '4 unused-suppression'],
        goes: [],
      });
  });

  it('is not reported where its rule is off, nor where nothing is compiled', async () => {
    const code = body('/* dmabuf-lint: ignore flags-a -- why */\ng();');
    assert.deepEqual((await outcome(code, { rules: { 'flags-a': 'off' } })).stays, []);
    assert.deepEqual((await outcome(code, { rules: { 'unused-suppression': 'off' } })).stays, []);
    assert.deepEqual((await outcome(body(`#if 0\n${code}#endif`))).stays, []);
  });

  it('is less certain where something in its file was not analysed', async () => {
    const code = body('/* dmabuf-lint: ignore flags-a -- why */\ng();');
    const gap = '#define my_attach(a, b, d) do { (a) = dma_buf_attach(b, d); } while (0)\n';
    assert.equal((await lint(code)).findings[0]?.confidence, 'high');
    assert.equal((await lint(code + gap)).findings[0]?.confidence, 'low');
  });

  it('has the severity that the configuration gives it', async () => {
    const { findings } = await lint(body('/* dmabuf-lint: ignore flags-a -- why */'), {
      rules: { 'unused-suppression': 'error' },
    });
    assert.equal(findings[0]?.severity, 'error');
  });
});
