/** A map with more layers than these is copied into one plain map. */
const mostLayers = 16;

interface Layer<K, V> {
  readonly key: K;
  readonly value: V;
  readonly below: PersistentMap<K, V>;
  readonly depth: number;
}

/**
 * An immutable map. `with()` returns a map that shares all other entries with this one, since one step of a path changes
 * few entries of many. A value must not be undefined. It is a class because V8 runs a class faster than closures.
 */
export class PersistentMap<K, V> implements Iterable<readonly [K, V]> {
  /** A plain map, or one entry on top of another persistent map. */
  private content: ReadonlyMap<K, V> | Layer<K, V>;

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
    return depth > mostLayers
      ? new PersistentMap(new Map(this.entries()).set(key, value))
      : new PersistentMap({ key, value, below: this, depth });
  }

  /** The entries, in the order in which their keys were added. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()[Symbol.iterator]();
  }

  /** The keys, in the order in which they were added. */
  keys(): IterableIterator<K> {
    return this.entries().keys();
  }

  /** All entries as one plain map, which replaces the layers: a map that is iterated once is iterated again. */
  private entries(): ReadonlyMap<K, V> {
    const layers: Layer<K, V>[] = [];
    let { content } = this;
    while (!(content instanceof Map)) {
      const layer = content as Layer<K, V>;
      layers.push(layer);
      content = layer.below.content;
    }
    if (layers.length === 0) return content;
    const map = new Map<K, V>(content);
    for (let layer = layers.pop(); layer; layer = layers.pop()) map.set(layer.key, layer.value);
    this.content = map;
    return map;
  }
}
