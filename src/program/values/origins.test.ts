import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callsIn, lowerFunction, outlineFile, treeAttributeWords } from '../../c/index.js';
import { originsOf } from './origins.js';

const attributes = treeAttributeWords(() => undefined, []);

/** The origins of the argument of `use()` in a function `f(struct foo *p, struct bar *q)`, as text. */
function origins(body: string): readonly string[] {
  const file = outlineFile('a.c', `void f(struct foo *p, struct bar *q)\n{\n${body}\n}\n`, attributes);
  const [outline] = file.unit.functions;
  assert.ok(outline);
  const unit = lowerFunction(file, outline, attributes);
  const argument = callsIn(unit.body).find((entry) => entry.name === 'use')?.call.arguments[0];
  assert.ok(argument);
  return originsOf(unit, argument)
    .map((origin) => {
      const path = 'path' in origin ? origin.path.map((member) => `.${member}`).join('') : '';
      switch (origin.kind) {
        case 'address':
        case 'variable':
          return `${origin.kind} ${origin.name}${path}`;
        case 'parameter':
          return `parameter ${origin.index}${path}`;
        case 'call':
          return `call ${origin.call.callee.kind === 'name' ? origin.call.callee.name : '?'}${path}`;
        default:
          return `${origin.kind}${path}`;
      }
    })
    .sort();
}

describe('the origins of a value', () => {
  const cases: readonly (readonly [what: string, body: string, expected: readonly string[]])[] = [
    ['a parameter', 'use(q);', ['parameter 1']],
    ['a member of a parameter', 'use(p->a.b);', ['parameter 0.a.b']],
    ['the address of a table', 'use(&ops);', ['address ops']],
    ['the address of a member of a table', 'use(&table.ops);', ['address table.ops']],
    ['the address of an element', 'use(&table[2]);', ['address table']],
    ['a table that decays', 'use(table);', ['variable table']],
    ['NULL', 'use(NULL);', ['null']],
    ['a call', 'use(get(p));', ['call get']],
    ['a member of what a call returns', 'struct foo *x = get(p);\nuse(x->ops);', ['call get.ops']],
    ['a local variable with one value', 'struct ops *x = &first;\nuse(x);', ['address first']],
    [
      'a local variable with several values',
      'struct ops *x = &first;\nif (p)\n\tx = &second;\nuse(x);',
      ['address first', 'address second'],
    ],
    ['a conditional', 'use(p ? &first : NULL);', ['address first', 'null']],
    ['a conditional without a middle', 'use(p ?: get());', ['call get', 'parameter 0']],
    [
      'values under conditions of the preprocessor',
      'struct ops *x;\n#ifdef A\n\tx = &first;\n#else\n\tx = &second;\n#endif\nuse(x);',
      ['address first', 'address second'],
    ],
    ['a cast', 'use((void *)&first);', ['address first']],
    ['an assignment in the argument', 'struct ops *x;\nuse(x = &first);', ['address first']],
    ['a sequence', 'use((get(), &first));', ['address first']],
    ['a statement expression', 'use(({ get(); &first; }));', ['address first']],
    ['a field that the function assigns', 'p->ops = &first;\nuse(p->ops);', ['address first']],
    ['a chain of local variables', 'struct ops *x = q->ops, *y = x;\nuse(y);', ['parameter 1.ops']],
    [
      'a cursor that walks on, which keeps the place where it began',
      'struct foo *x = p;\nwhile (x)\n\tx = x->next;\nuse(x);',
      ['parameter 0'],
    ],
    ['arithmetic, which is unknown', 'use(p + 1);', ['unknown']],
  ];
  for (const [what, body, expected] of cases)
    it(`are known for ${what}`, () => {
      assert.deepEqual(origins(body), expected);
    });

  it('end where variables are assigned in a circle', () => {
    assert.deepEqual(origins('struct foo *x, *y;\nx = y;\ny = x;\nuse(x);'), []);
  });
});
