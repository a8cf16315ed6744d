import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fixturesFolder } from '../../dev/examples/example-tree.js';
import { parseC } from '../lower/parser.js';
import { treeAttributeWords } from './attributes.js';
import { maskText } from './mask.js';
import { prepareForParser } from './prepare.js';

const attributes = treeAttributeWords(() => undefined, []);

/** Prepares a text, and checks that its length and newlines stay the same. */
function prepare(text: string): string {
  const prepared = prepareForParser(text, maskText(text).code, attributes);
  assert.equal(prepared.length, text.length);
  assert.deepEqual(newlines(prepared), newlines(text));
  return prepared;
}

function newlines(text: string): readonly number[] {
  return [...text.matchAll(/\n/g)].map((match) => match.index);
}

/** The prepared text of some statements, with single blanks. */
function prepared(text: string): string {
  return prepare(text).replace(/\s+/g, ' ').trim();
}

/** Statements that a parser without a preprocessor cannot read. The keys say what is special in them. */
const snippets: Readonly<Record<string, string>> = {
  'a loop macro': 'list_for_each_entry(item, &list, node) { use(item); }',
  'a loop macro with one statement': 'list_for_each_entry(item, &list, node)\n\tuse(item);',
  'a loop macro whose statement dereferences': 'for_each_set_bit(bit, mask, 8)\n\t*p++ = bit;',
  'a loop macro with an empty body': 'for_each_child(node);',
  'a loop macro with an if and an else': 'for_each_child(node)\n\tif (a)\n\t\tb();\n\telse\n\t\tc();',
  'a loop macro in another': 'for_each_a(x)\n\tfor_each_b(y) {\n\t\tuse(x, y);\n\t}',
  'scoped_guard with braces': 'scoped_guard(mutex, &dev->lock) { use(dev); }',
  'scoped_guard without braces': 'scoped_guard(mutex, &dev->lock)\n\tuse(dev);',
  'scoped_cond_guard with a statement': 'scoped_cond_guard(mutex_intr, return -EINTR, &dev->lock) { use(dev); }',
  'a macro that takes a block': 'drm_exec_until_all_locked(&exec) { drm_exec_prepare_obj(&exec, obj, 1); }',
  'typeof in a declaration': 'typeof(*p) copy = *p;',
  'typeof in a cast': 'a = (__typeof__(b))c;',
  container_of: 'struct foo *foo = container_of(work, struct foo, work);',
  min_t: 'n = min_t(unsigned int, a, b) + max_t(u32, a, b) + clamp_t(unsigned long long, a, b, c);',
  'a type over two lines': 'n = min_t(unsigned\n\t\tint, a, b);',
  'a pointer type as an argument': 'p = va_arg(ap, struct foo *) ?: va_arg(ap, void *) ?: va_arg(ap, foo_t *);',
  'a type with a qualifier': 'p = va_arg(ap, const struct foo *);',
  'an allocation by type': 'p = kzalloc_obj(struct foo);',
  'a case range': 'switch (a) { case 0 ... 9: b(); break; case A ... B: c(); }',
  'a case range of characters': "switch (a) { case 'a' ... 'z': b(); }",
  offsetof: 'n = offsetof(struct foo, bar.baz[2]) + offsetof(struct foo, a);',
  alignof: 'n = __alignof__(struct foo);',
  'an empty argument': 'TRACE(a, , b);',
  'a trailing empty argument': 'TRACE(a, );',
  'code as the argument of a macro': 'WITH_LOCK(if (a) b(); c(););',
  'an attribute on a variable': 'int a __maybe_unused = 1; struct foo __user *b; int c __aligned(8);',
  'a cleanup': 'struct foo *p __free(kfree) = NULL;',
  'a fallthrough': 'switch (a) { case 1: b(); fallthrough; case 2: break; }',
  'a guard': 'guard(mutex)(&dev->lock);',
  'a statement expression': 'a = ({ int b = f(); b + 1; });',
  'two macros before a string': 'printk(KERN_ERR NAME ":%d", a);',
  'two macros before a string, and two after it': 'static const char a[] = B C "d" E F; g(B C "d" E F "h");',
  'a macro with arguments before a string': 'printk(KERN_DEBUG LOG(3) "a", b);',
};

describe('preparing C for the parser', () => {
  for (const [what, text] of Object.entries(snippets)) {
    it(`keeps the length, and leaves nothing that cannot be parsed, for ${what}`, () => {
      for (const source of [text, text.replaceAll('\n', '\r\n'), text.replaceAll(' ', '\n\t')])
        assert.deepEqual(parseC(`void f(void) {${prepare(source)}\n}`).errors, [], prepare(source));
    });
  }

  it('changes nothing in plain C', () => {
    const plain = 'if (a) { b(c, "d"); } else { while (e) f(); }\nfor (i = 0; i < 3; i++) g(i);\nreturn h(&x, *y, -1);';
    assert.equal(prepare(plain), plain);
    const joined = 'printk(KERN_ERR "a" B "c"); d("e", f, "g"); h(i("j"), k(l), "m"); n = o("p" PRIu64 "q");';
    assert.equal(prepare(joined), joined);
    const fits = 'foo(a);\nbar: return (b);\nx = a * b(c);\ndo { y(); } while (z(1));\nint (*fn)(int) = g;';
    assert.equal(prepare(fits), fits);
  });

  it('keeps length and newlines for every file of the fixture trees', () => {
    const files = readdirSync(fixturesFolder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.[ch]$/.test(path),
    );
    assert.notEqual(files.length, 0);
    for (const path of files) prepare(readFileSync(join(fixturesFolder, path), 'latin1'));
  });

  it('keeps length and newlines for text that is no C', () => {
    for (const text of [
      '',
      ')',
      '((',
      'f(',
      'f(a, , ',
      'typeof(',
      'case ...',
      'for_each(',
      'x(struct',
      '__aligned(',
      ', ,,\n,)',
      'offsetof (\n',
      'f(\u0000);',
    ])
      prepare(text);
  });
});

describe('what takes the place of what cannot be read', () => {
  it('is while for a macro with a block, and if where its name is short', () => {
    assert.equal(prepared('list_for_each(pos, head) { a(); }'), 'while (pos, head) { a(); }');
    assert.equal(prepared('XA(x) { a(); }'), 'if(x) { a(); }');
  });

  it('is one word for a type among the arguments', () => {
    assert.equal(prepared('container_of(a, struct foo, b);'), 'container_of(a, foo, b);');
    assert.equal(prepared('va_arg(ap, struct foo *);'), 'va_arg(ap, foo );');
  });

  it('is the first value of a case range', () => {
    assert.equal(prepared('case 0 ... 9: a();'), 'case 0 : a();');
  });

  it('is 0 for an empty argument', () => {
    assert.equal(prepared('TRACE(a, , b);'), 'TRACE(a,0, b);');
  });

  it('is nothing for an attribute, its arguments included', () => {
    assert.equal(prepared('struct foo *p __free(kfree) = x;'), 'struct foo *p = x;');
    assert.equal(prepared('int a __aligned(sizeof(b)), c;'), 'int a , c;');
  });

  it('leaves the insides of strings alone', () => {
    const text = 'pr_info("__user %d ... , , typeof(x)");';
    assert.equal(prepare(text), text);
  });

  it('leaves multiplication alone', () => {
    for (const text of ['f(a * b);', 'f(a, b * c, d);', 'f(sizeof(a) * b);']) assert.equal(prepare(text), text);
  });
});
