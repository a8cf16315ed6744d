import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { prototypesIn } from '../../dev/kernels/prototypes.js';
import { resourceLives } from '../resources.js';
import {
  apiBorrows,
  apiFunction,
  apiFunctions,
  apiPrefix,
  apiRow,
  bufferArgument,
  fileFunctions,
  functionsWithLock,
  functionsWithRole,
  functionWithRole,
  parameterIndex,
  roleOf,
} from './api.js';
import { type ApiRole, apiRows } from './rows.js';
import { shapeComplaints, takesBuffer } from './types.js';

const fixtures = ['move-notify', 'invalidate-mappings', 'marker-field', 'paths'];

function header(fixture: string) {
  const path = `../../../../fixtures/${fixture}/include/linux/dma-buf.h`;
  return prototypesIn(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
}

describe('the table of the API', () => {
  for (const fixture of fixtures) {
    it(`has a row for every function on a buffer in the header of ${fixture}`, () => {
      const functions = [...header(fixture).values()].filter(takesBuffer).map(({ name }) => name);
      assert.ok(functions.length > 10);
      assert.deepEqual(
        // A tree with a marker asks by a function of its own, which is known by what it does.
        functions.filter((name) => apiRow(name) === undefined && name !== 'dma_buf_attach_can_revoke'),
        [],
      );
    });

    it(`agrees with the prototypes of ${fixture}`, () => {
      const complaints = [...header(fixture).values()].flatMap((prototype) => {
        const row = apiRow(prototype.name);
        return row ? shapeComplaints(row, prototype) : [];
      });
      assert.deepEqual(complaints, []);
    });
  }

  it('has one row a function', () => {
    assert.equal(new Set(apiRows.map(({ name }) => name)).size, apiRows.length);
  });

  it('names the parameters of its effects', () => {
    for (const { name, effect, parameters } of apiRows) {
      if (!effect) continue;
      const named = [effect.handle, 'of' in effect ? effect.of : undefined].filter((one) => one && one !== 'result');
      for (const parameter of named)
        assert.ok(
          parameters.some((one) => one === parameter),
          `${name}: ${parameter}`,
        );
    }
  });

  it('gives the functions of one role the same parameters', () => {
    // The two questions are asked of the buffer and of an attachment, and the first step of the walk is given nothing.
    const differing: readonly ApiRole[] = ['ask-dynamic', 'iterate'];
    // The mapping types of posted series that are no tables of pages have no direction.
    for (const { role, parameters, name } of apiRows.filter((row) => !differing.includes(row.role) && !row.posted))
      assert.deepEqual(parameters, apiRows.find((row) => row.role === role)?.parameters, name);
  });

  it('lets no function borrow what it keeps, frees or hands over', () => {
    assert.deepEqual(
      apiRows
        .filter(({ borrows, effect }) => borrows && effect)
        .filter(({ effect }) => effect?.kind === 'make-fd' || (effect && resourceLives[effect.resource].endsHandle))
        .map(({ name }) => name),
      [],
    );
  });

  it('has only names with the prefix, but for the inline get_dma_buf()', () => {
    assert.deepEqual(
      apiRows.map(({ name }) => name).filter((name) => !name.startsWith(apiPrefix)),
      ['get_dma_buf'],
    );
  });
});

describe('a role', () => {
  const roles: readonly (readonly [ApiRole, readonly string[]])[] = [
    ['attach', ['dma_buf_attach']],
    ['dynamic-attach', ['dma_buf_dynamic_attach']],
    ['detach', ['dma_buf_detach']],
    ['pin', ['dma_buf_pin']],
    ['unpin', ['dma_buf_unpin']],
    ['mapping-attach', ['dma_buf_mapping_attach']],
    [
      'map',
      [
        ...['dma_buf_map_attachment', 'dma_buf_map_attachment_unlocked'],
        ...['dma_buf_mapping_map', 'dma_buf_mapping_map_unlocked'],
      ],
    ],
    [
      'unmap',
      [
        ...['dma_buf_unmap_attachment', 'dma_buf_unmap_attachment_unlocked'],
        ...['dma_buf_mapping_unmap', 'dma_buf_mapping_unmap_unlocked'],
      ],
    ],
    ['vmap', ['dma_buf_vmap', 'dma_buf_vmap_unlocked']],
    ['vunmap', ['dma_buf_vunmap', 'dma_buf_vunmap_unlocked']],
    ['notify', ['dma_buf_move_notify', 'dma_buf_invalidate_mappings']],
    ['ask-revocable', ['dma_buf_attach_revocable']],
    ['ref', ['get_dma_buf']],
    ['put', ['dma_buf_put']],
  ];
  for (const [role, names] of roles)
    it(`${role} is played by ${names.join(' and ')}`, () => {
      assert.deepEqual(functionsWithRole(role), names);
      for (const name of names) assert.equal(roleOf(name), role);
    });

  it('is played by no other function', () => {
    assert.equal(roleOf('drm_gem_map_attach'), undefined);
  });

  it('that several functions play has no single function', () => {
    assert.equal(functionWithRole('pin'), 'dma_buf_pin');
    assert.throws(() => functionWithRole('map'), /not one function/);
  });
});

describe('the index of an argument', () => {
  it('is that of the prototype', () => {
    assert.equal(parameterIndex('dynamic-attach', 'ops'), 2);
    assert.equal(parameterIndex('dynamic-attach', 'private'), 3);
    assert.equal(parameterIndex('map', 'direction'), 1);
    assert.equal(parameterIndex('unmap', 'table'), 1);
    assert.equal(parameterIndex('unmap', 'direction'), 2);
    assert.throws(() => parameterIndex('attach', 'ops'), /no parameter for the ops/);
  });

  it('leads to the buffer, directly or by its attachment', () => {
    assert.deepEqual(bufferArgument('dma_buf_pin'), { index: 0, isAttachment: true });
    assert.deepEqual(bufferArgument('dma_buf_detach'), { index: 0, isAttachment: false });
    assert.deepEqual(bufferArgument('dma_buf_vunmap_unlocked'), { index: 0, isAttachment: false });
    assert.equal(bufferArgument('dma_buf_get'), undefined);
    assert.equal(bufferArgument('ttm_bo_pin'), undefined);
  });
});

describe('the effect of a call', () => {
  it('of a map: the result is a mapping of the attachment, in a direction', () => {
    assert.deepEqual(apiFunctions.get('dma_buf_map_attachment'), {
      effects: [{ kind: 'acquire', resource: 'mapping', handle: 'result', of: 0, direction: 1 }],
      result: 'pointer-or-error',
    });
  });

  it('of a pin: the attachment holds it', () => {
    assert.deepEqual(apiFunctions.get('dma_buf_pin'), {
      effects: [{ kind: 'acquire', resource: 'pin', handle: 0, of: 0, direction: null }],
      result: 'zero-or-error',
    });
  });

  it('of an unmap: the table is given back', () => {
    assert.deepEqual(apiFunctions.get('dma_buf_unmap_attachment_unlocked')?.effects, [
      { kind: 'release', resource: 'mapping', handle: 1, direction: 2 },
    ]);
  });

  it('of a detach: the attachment is given back, not the buffer', () => {
    assert.deepEqual(apiFunctions.get('dma_buf_detach')?.effects, [
      { kind: 'release', resource: 'attachment', handle: 1, direction: null },
    ]);
  });

  it('of dma_buf_fd(): the reference goes to the descriptor', () => {
    assert.deepEqual(apiFunctions.get('dma_buf_fd'), {
      effects: [{ kind: 'make-fd', handle: 0 }],
      result: 'number-or-error',
    });
  });

  it('of a vmap: the address in the map is a kernel mapping of the buffer', () => {
    for (const name of functionsWithRole('vmap'))
      assert.deepEqual(apiFunctions.get(name)?.effects, [
        { kind: 'acquire', resource: 'kernel-mapping', handle: 1, of: 0, direction: null },
      ]);
    for (const name of functionsWithRole('vunmap'))
      assert.deepEqual(apiFunctions.get(name)?.effects, [
        { kind: 'release', resource: 'kernel-mapping', handle: 1, direction: null },
      ]);
  });

  it('of a vmap as up to 5.10, which is known by its one argument: the address that it returns is the mapping', () => {
    assert.deepEqual(apiFunction('dma_buf_vmap', 1), {
      effects: [{ kind: 'acquire', resource: 'kernel-mapping', handle: 'result', of: 0, direction: null }],
      result: 'pointer-or-null',
      parameters: 1,
    });
    assert.equal(apiFunction('dma_buf_vmap', 2), apiFunctions.get('dma_buf_vmap'));
  });

  it('of CPU access: the buffer is accessed, in a direction', () => {
    assert.deepEqual(apiFunctions.get('dma_buf_begin_cpu_access')?.effects, [
      { kind: 'acquire', resource: 'cpu-access', handle: 0, of: 0, direction: 1 },
    ]);
    assert.deepEqual(apiFunctions.get('dma_buf_end_cpu_access')?.effects, [
      { kind: 'release', resource: 'cpu-access', handle: 0, direction: 1 },
    ]);
  });

  it('is nothing for a function that keeps and frees nothing of what it gets, or only asks', () => {
    for (const role of ['vmap', 'vunmap', 'begin-cpu-access', 'end-cpu-access', 'ask-revocable'] as const)
      for (const name of functionsWithRole(role)) assert.equal(apiBorrows(name), true, name);
    for (const name of functionsWithRole('ask-revocable')) assert.equal(apiFunctions.has(name), false, name);
  });

  it('of file functions is that of a put and of a further reference', () => {
    assert.deepEqual(
      [...fileFunctions],
      [
        ['fput', 'put'],
        ['get_file', 'ref'],
      ],
    );
  });
});

describe('the convention of Linux 7.3', () => {
  it('wants the lock held', () => {
    assert.deepEqual(functionsWithLock('must-hold'), [
      'dma_buf_pin',
      'dma_buf_unpin',
      'dma_buf_map_attachment',
      'dma_buf_unmap_attachment',
      'dma_buf_vmap',
      'dma_buf_vunmap',
      'dma_buf_move_notify',
      'dma_buf_invalidate_mappings',
    ]);
  });

  it('wants it not held for all others that it lists', () => {
    assert.deepEqual([...functionsWithLock('must-not-hold')].sort(), [
      'dma_buf_attach',
      'dma_buf_begin_cpu_access',
      'dma_buf_detach',
      'dma_buf_dynamic_attach',
      'dma_buf_end_cpu_access',
      'dma_buf_export',
      'dma_buf_fd',
      'dma_buf_get',
      'dma_buf_map_attachment_unlocked',
      'dma_buf_mmap',
      'dma_buf_put',
      'dma_buf_unmap_attachment_unlocked',
      'dma_buf_vmap_unlocked',
      'dma_buf_vunmap_unlocked',
    ]);
  });
});
