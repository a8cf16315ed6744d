import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseText } from '../source.js';
import { kernelDocCompiler } from './kernel-doc.js';
import { compileRest } from './rest.js';

function rest(markdown: string, width?: number): string {
  return compileRest(parseText(markdown), width).trimEnd();
}

function kernelDoc(markdown: string, struct: string | null = null, width?: number): string {
  return kernelDocCompiler(struct)(parseText(markdown), width).trimEnd();
}

describe('reST', () => {
  it('has titles as the kernel writes them', () => {
    assert.equal(rest('# One\n\n## Two\n\n### Three'), '===\nOne\n===\n\nTwo\n===\n\nThree\n-----');
  });

  it('leaves functions and structs to be found by the kernel, and marks other code', () => {
    assert.equal(
      rest('`dma_buf_pin()` of `struct dma_buf`, `dma_buf_ops.pin`, `-EINVAL`, `x->y`, `@attach`'),
      'dma_buf_pin() of struct dma_buf, :c:type:`dma_buf_ops.pin <dma_buf_ops>`,\n-EINVAL, ``x->y``, ``attach``',
    );
  });

  it('lets the kernel draw graphs', () => {
    assert.equal(
      rest('```dot Two states\ndigraph x { a -> b; }\n```'),
      '.. kernel-render:: DOT\n   :alt: Two states\n   :caption: Two states\n\n   digraph x { a -> b; }',
    );
  });

  it('keeps a struct and its name on one line', () => {
    assert.equal(rest('aaaa aaaa `struct dma_buf` b', 17), 'aaaa aaaa\nstruct dma_buf b');
  });

  it('escapes what reST would take for markup', () => {
    assert.equal(rest('a \\* b, c\\_ d, e\\|f, g \\` h, i \\\\ j'), 'a \\* b, c\\_ d, e\\|f, g \\` h, i \\\\ j');
    assert.equal(rest('\\- no list'), '\\- no list');
    assert.equal(rest('\\.. no comment'), '\\.. no comment');
  });

  it('marks emphasis', () => {
    assert.equal(rest('*a* and **b**'), '*a* and **b**');
  });

  it('fills lists, and hangs them below their marks', () => {
    assert.equal(rest('1. aa bb cc\n2. dd', 8), '1. aa bb\n   cc\n2. dd');
    assert.equal(rest('- one\n\n  more\n- two'), '- one\n\n  more\n\n- two');
  });

  it('indents code by a tab where it has tabs', () => {
    assert.equal(rest('```c\nint x;\n```'), '.. code-block:: c\n\n   int x;');
    assert.equal(
      rest('```c\nf()\n{\n\tx();\n\n\ty();\n}\n```'),
      '.. code-block:: c\n\n\tf()\n\t{\n\t\tx();\n\n\t\ty();\n\t}',
    );
  });

  it('has tables with a cell a line', () => {
    assert.equal(
      rest('| a | b |\n| - | - |\n| `x` | long words |\n| | y |', 16),
      '.. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - ``x``\n     - long\n       words\n   * -\n     - y',
    );
  });

  it('throws on what it does not know', () => {
    assert.throws(() => rest('---'), /reST cannot say a 'thematicBreak' \(line 1 of its source\)/);
  });
});

describe('kernel-doc', () => {
  it('points to functions, structs, members and parameters', () => {
    assert.equal(
      kernelDoc('`dma_buf_pin()`, `struct dma_buf`, `dma_buf_ops.pin`, `@attach`, `-EINVAL`'),
      'dma_buf_pin(), &struct dma_buf, &dma_buf_ops.pin, @attach, -EINVAL',
    );
    assert.equal(kernelDoc('`dma_buf_ops.pin`', 'dma_buf_ops'), '@pin');
  });

  it('escapes what kernel-doc would take for a reference', () => {
    assert.equal(kernelDoc('a @b %c &d $e 5% f@g'), 'a \\@b \\%c \\&d \\$e 5% f@g');
  });

  it('numbers steps as the comments of the core do', () => {
    assert.equal(kernelDoc('1. aa bb\n2. cc', null, 7), ' 1) aa\n    bb\n 2) cc');
  });

  it('throws on what it does not know', () => {
    assert.throws(() => kernelDoc('# Title'), /kernel-doc cannot say a 'heading'/);
  });
});
