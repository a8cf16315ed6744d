/** A map with more layers than these is copied into one plain map. */
const mostLayers = 16;

interface Layer<K, V> {
  readonly key: K;
  readonly value: V;
  readonly below: PersistentMap<K, V>;
  readonly depth: number;
}

/** What was made of a map, and how. */
interface Derived<K, V, T> {
  readonly make: (map: PersistentMap<K, V>) => T;
  readonly made: T;
}

/**
 * An immutable map. `with()` returns a map that shares all other entries with this one, since one step of a path changes
 * few entries of many. A value must not be undefined. It is a class because V8 runs a class faster than closures.
 */
export class PersistentMap<K, V> implements Iterable<readonly [K, V]> {
  /** A plain map, or one entry on top of another persistent map. */
  private content: ReadonlyMap<K, V> | Layer<K, V>;
  private last: Derived<K, V, unknown> | null = null;

  constructor(content: ReadonlyMap<K, V> | Layer<K, V> = new Map()) {
    this.content = content;
  }

  /** The value of a key, or undefined. */
  get(key: K): V | undefined {
    let { content } = this;
    while (!(content instanceof Map)) {
      const layer = content as Layer<K, V>;
      if (layer.key === key) return layer.value;
      content = layer.below.content;
    }
    return content.get(key);
  }

  /** Whether the map has a key. */
  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** This map with one entry added or replaced. */
  with(key: K, value: V): PersistentMap<K, V> {
    if (this.get(key) === value) return this;
    const depth = this.content instanceof Map ? 1 : (this.content as Layer<K, V>).depth + 1;
    if (depth <= mostLayers) return new PersistentMap({ key, value, below: this, depth });
    const map = new Map<K, V>();
    this.forEach((one, of) => {
      map.set(of, one);
    });
    return new PersistentMap(map.set(key, value));
  }

  /**
   * Calls a function for each entry, in the order in which the keys were added. The layers stay, and nothing is copied but
   * what they say: a plain loop over the entries makes an array for each.
   */
  forEach(visit: (value: V, key: K) => void): void {
    const { base, layers } = this.parts();
    if (layers.length === 0) {
      base.forEach(visit);
      return;
    }
    const upper = new Map<K, V>();
    for (let layer = layers.pop(); layer; layer = layers.pop()) upper.set(layer.key, layer.value);
    base.forEach((value, key) => {
      const above = upper.get(key);
      visit(above === undefined ? value : above, key);
    });
    upper.forEach((value, key) => {
      if (!base.has(key)) visit(value, key);
    });
  }

  /** The entries, in the order in which their keys were added. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()[Symbol.iterator]();
  }

  /** The keys, in the order in which they were added. */
  keys(): IterableIterator<K> {
    return this.entries().keys();
  }

  /** What a function makes of this map. The last answer is kept with the map. */
  derived<T>(make: (map: PersistentMap<K, V>) => T): T {
    if (this.last?.make === make) return this.last.made as T;
    const made = make(this);
    this.last = { make, made };
    return made;
  }

  /** The plain map at the bottom, and the layers above it, the topmost first. */
  private parts(): { readonly base: ReadonlyMap<K, V>; readonly layers: Layer<K, V>[] } {
    const layers: Layer<K, V>[] = [];
    let { content } = this;
    while (!(content instanceof Map)) {
      const layer = content as Layer<K, V>;
      layers.push(layer);
      content = layer.below.content;
    }
    return { base: content, layers };
  }

  /** All entries as one plain map, which replaces the layers: a map that is iterated once is iterated again. */
  private entries(): ReadonlyMap<K, V> {
    const { base, layers } = this.parts();
    if (layers.length === 0) return base;
    const map = new Map<K, V>();
    base.forEach((value, key) => {
      map.set(key, value);
    });
    for (let layer = layers.pop(); layer; layer = layers.pop()) map.set(layer.key, layer.value);
    this.content = map;
    return map;
  }
}
