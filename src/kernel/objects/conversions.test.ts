import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conversionIn, entryArgumentOf, findsEntry } from './conversions.js';

describe('a map of numbers', () => {
  // int idr_alloc(struct idr *, void *ptr, …); int xa_alloc(struct xarray *, u32 *id, void *entry, …)
  it('gets its object as the second argument, or as the third', () => {
    for (const name of ['idr_alloc', 'idr_alloc_cyclic', 'idr_alloc_u32']) assert.equal(entryArgumentOf(name), 1, name);
    for (const name of ['xa_alloc', 'xa_alloc_cyclic_irq', 'xa_insert', 'xa_store_bh'])
      assert.equal(entryArgumentOf(name), 2, name);
  });

  it('is neither a list nor a look-up', () => {
    for (const name of ['list_add_tail', 'idr_find', 'idr_replace', 'xa_erase', 'ida_alloc', 'xa_store_range'])
      assert.equal(entryArgumentOf(name), undefined, name);
  });

  it('is asked by number', () => {
    for (const name of ['idr_find', 'idr_remove', 'xa_load', 'xa_erase', '__xa_erase'])
      assert.ok(findsEntry(name), name);
    for (const name of ['idr_for_each', 'xa_find', 'xa_store', 'idr_destroy']) assert.ok(!findsEntry(name), name);
  });
});

describe('a body that only converts', () => {
  const converted = (body: string): string | undefined => {
    const found = conversionIn(body);
    return found && `${found.member} from ${found.argument}`;
  };

  it('is a macro or a function around container_of()', () => {
    assert.equal(converted('container_of((o), struct ex_bo, base)'), 'base from o');
    assert.equal(converted('(container_of(o, struct ex_bo, tbo.base))'), 'tbo.base from o');
    assert.equal(converted('{\n\treturn container_of_const(obj, struct ex_bo, base);\n}'), 'base from obj');
  });

  it('is none that does more, or converts something else', () => {
    for (const body of [
      '{ check(o); return container_of(o, struct ex_bo, base); }',
      'container_of((o)->inner, struct ex_bo, base)',
      '((struct ex_bo *)(o))',
    ])
      assert.equal(converted(body), undefined, body);
  });
});
