/** What a piece of code in our texts names; each format refers to it in its own way. */
export type Reference =
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'struct'; readonly tag: string }
  | { readonly kind: 'member'; readonly tag: string; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string };

const shapes: readonly (readonly [RegExp, (first: string, second: string) => Reference])[] = [
  [/^(\w+)\(\)$/, (name) => ({ kind: 'function', name })],
  [/^struct (\w+)$/, (tag) => ({ kind: 'struct', tag })],
  [/^@(\w+)$/, (name) => ({ kind: 'parameter', name })],
  [/^(dma_buf\w*)\.(\w+)$/, (tag, name) => ({ kind: 'member', tag, name })],
  [/^(-E[A-Z]+|[A-Z][A-Z0-9_]+)$/, (text) => ({ kind: 'constant', text })],
];

/**
 * Reads `dma_buf_pin()`, `struct dma_buf`, `dma_buf_ops.pin`, `@attach`, `-EINVAL`; anything else is code.
 * @param text what stands between the backquotes
 */
export function referenceIn(text: string): Reference {
  for (const [shape, make] of shapes) {
    const match = shape.exec(text);
    if (match) return make(match[1] ?? '', match[2] ?? '');
  }
  return { kind: 'code', text };
}
