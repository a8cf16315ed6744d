/** The kinds of resource whose life is followed. */
export type ResourceKind =
  | 'attachment'
  | 'mapping'
  | 'kernel-mapping'
  | 'cpu-access'
  | 'pin'
  | 'reference'
  | 'fd'
  | 'lock';

/** What is particular to a kind of resource. */
export interface ResourceLife {
  /** In words, for people. */
  readonly name: string;
  /** Whether the object that is its handle may be gone once it is released. */
  readonly endsHandle: boolean;
  /**
   * Who can still release it where its handle is an object of the caller: `holder`, any code that knows the handle;
   * `caller`, only a caller that knows of the acquire, and so nobody where the function fails.
   */
  readonly releasedBy: 'holder' | 'caller';
  /** Whether a function that releases it on one way of success must do so on each. */
  readonly isPaired: boolean;
}

/** The life of each kind of resource. Source: the kernel-doc in drivers/dma-buf/dma-buf.c. */
export const resourceLives: Readonly<Record<ResourceKind, ResourceLife>> = {
  attachment: { name: 'attachment', endsHandle: true, releasedBy: 'holder', isPaired: false },
  mapping: { name: 'mapping', endsHandle: false, releasedBy: 'holder', isPaired: false },
  // The handle is the address in the caller's `struct iosys_map`: a caller does not use it after an error.
  'kernel-mapping': { name: 'kernel mapping', endsHandle: false, releasedBy: 'caller', isPaired: true },
  'cpu-access': { name: 'CPU access', endsHandle: false, releasedBy: 'caller', isPaired: true },
  pin: { name: 'pin', endsHandle: false, releasedBy: 'caller', isPaired: false },
  reference: { name: 'reference to a dma-buf', endsHandle: true, releasedBy: 'holder', isPaired: false },
  fd: { name: 'descriptor', endsHandle: false, releasedBy: 'holder', isPaired: false },
  lock: { name: 'reservation lock', endsHandle: false, releasedBy: 'holder', isPaired: false },
};
