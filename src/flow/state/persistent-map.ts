/** A map with more layers than these is copied into one plain map. */
const mostLayers = 16;

/** What was made of a map, and how. */
interface Derived<K, V, T> {
  readonly make: (map: PersistentMap<K, V>) => T;
  readonly made: T;
}

/**
 * An immutable map. `with()` returns a map that shares all other entries with this one, since one step of a path changes
 * few entries of many. A value must not be undefined. It is a class because V8 runs a class faster than closures, and it is
 * its own layer: one object for each step.
 */
export class PersistentMap<K, V> implements Iterable<readonly [K, V]> {
  /** The map under the one entry that this map adds; null for a plain map. */
  private below: PersistentMap<K, V> | null;
  /** All entries of a plain map; null for a layer. */
  private plain: ReadonlyMap<K, V> | null;
  /** How many layers lie on the plain map at the bottom. */
  private depth: number;
  private readonly key: K | undefined;
  private readonly value: V | undefined;
  private last: Derived<K, V, unknown> | null = null;
  private wasVisited = false;

  constructor(
    plain: ReadonlyMap<K, V> | null = new Map(),
    below: PersistentMap<K, V> | null = null,
    key?: K,
    value?: V,
  ) {
    this.plain = plain;
    this.below = below;
    this.depth = below ? below.depth + 1 : 0;
    this.key = key;
    this.value = value;
  }

  /** The value of a key, or undefined. */
  get(key: K): V | undefined {
    let map: PersistentMap<K, V> = this;
    for (let { below } = map; below !== null; below = map.below) {
      if (map.key === key) return map.value;
      map = below;
    }
    return map.plain?.get(key);
  }

  /** Whether the map has a key. */
  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** This map with one entry added or replaced. */
  with(key: K, value: V): PersistentMap<K, V> {
    if (this.get(key) === value) return this;
    if (this.depth < mostLayers) return new PersistentMap<K, V>(null, this, key, value);
    const map = new Map<K, V>();
    this.forEach((one, of) => {
      map.set(of, one);
    });
    return new PersistentMap(map.set(key, value));
  }

  /**
   * Calls a function for each entry, in the order in which the keys were added. The first time the layers stay, and nothing
   * is copied but what they say: a plain loop over the entries makes an array for each. Whoever comes again gets a plain map.
   */
  forEach(visit: (value: V, key: K) => void): void {
    if (this.plain === null && this.wasVisited) this.flatten();
    this.wasVisited = true;
    if (this.plain !== null) {
      this.plain.forEach(visit);
      return;
    }
    const { base, layers } = this.parts();
    const upper = new Map<K, V>();
    for (let layer = layers.pop(); layer; layer = layers.pop()) upper.set(layer.key as K, layer.value as V);
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
    return this.flatten()[Symbol.iterator]();
  }

  /** The keys, in the order in which they were added. */
  keys(): IterableIterator<K> {
    return this.flatten().keys();
  }

  /** What a function makes of this map. The last answer is kept with the map. */
  derived<T>(make: (map: PersistentMap<K, V>) => T): T {
    if (this.last?.make === make) return this.last.made as T;
    const made = make(this);
    this.last = { make, made };
    return made;
  }

  /** The plain map at the bottom, and the layers above it, the topmost first. */
  private parts(): { readonly base: ReadonlyMap<K, V>; readonly layers: PersistentMap<K, V>[] } {
    const layers: PersistentMap<K, V>[] = [];
    let map: PersistentMap<K, V> = this;
    for (let { below } = map; below !== null; below = map.below) {
      layers.push(map);
      map = below;
    }
    return { base: map.plain ?? new Map(), layers };
  }

  /** All entries as one plain map, which replaces the layers: a map that is iterated once is iterated again. */
  private flatten(): ReadonlyMap<K, V> {
    if (this.plain !== null) return this.plain;
    const { base, layers } = this.parts();
    const map = new Map<K, V>();
    base.forEach((value, key) => {
      map.set(key, value);
    });
    for (let layer = layers.pop(); layer; layer = layers.pop()) map.set(layer.key as K, layer.value as V);
    this.plain = map;
    this.below = null;
    this.depth = 0;
    return map;
  }
}
