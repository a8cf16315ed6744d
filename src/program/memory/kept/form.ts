/** How the value of an answer is kept from one run to the next. */
export interface Form<T> {
  /** Makes of a value what can be written: plain data, maps and sets, and no node of a parsed function. */
  pack(value: T): unknown;
  /** Makes the value again. It may throw where it cannot: the answer is then made anew. */
  unpack(packed: unknown): T;
}

/**
 * The form of a value that is written as it is. It must hold no node of a parsed function: such nodes are compared by
 * identity, and what is read again is another object.
 */
export function plain<T>(): Form<T> {
  return whole as Form<T>;
}

const whole: Form<unknown> = { pack: (value) => value, unpack: (packed) => packed };
