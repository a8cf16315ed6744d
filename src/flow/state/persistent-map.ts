/** More entries than these lie above a map before they are laid into a copy of it. */
const mostLayers = 16;

interface Layer<K, V> {
  readonly key: K;
  readonly value: V;
  readonly below: PersistentMap<K, V>;
  readonly depth: number;
}

/**
 * What is known of some things at one point of a path: a map that never changes. One that differs from another in an
 * entry shares the rest with it, since each step of a path changes little. It is a class for its speed alone.
 */
export class PersistentMap<K, V> implements Iterable<readonly [K, V]> {
  /** A map, or an entry above what was known before. */
  private content: ReadonlyMap<K, V> | Layer<K, V>;

  constructor(content: ReadonlyMap<K, V> | Layer<K, V> = new Map()) {
    this.content = content;
  }

  get(key: K): V | undefined {
    let { content } = this;
    while (!(content instanceof Map)) {
      const layer = content as Layer<K, V>;
      if (layer.key === key) return layer.value;
      content = layer.below.content;
    }
    return content.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** The same with one entry more, or another. */
  with(key: K, value: V): PersistentMap<K, V> {
    if (this.get(key) === value) return this;
    const depth = this.content instanceof Map ? 1 : (this.content as Layer<K, V>).depth + 1;
    return depth > mostLayers
      ? new PersistentMap(new Map(this.entries()).set(key, value))
      : new PersistentMap({ key, value, below: this, depth });
  }

  /** In the order in which the keys came. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()[Symbol.iterator]();
  }

  keys(): IterableIterator<K> {
    return this.entries().keys();
  }

  /** All entries in a map, which is kept: who is asked once is asked again. */
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
