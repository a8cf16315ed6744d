/** How the subjects of patches begin, by the path of what they change: the customs of the subsystems. */
const customs: readonly (readonly [RegExp, string])[] = [
  [/^drivers\/gpu\/drm\/amd\/(\w+)\//, 'drm/$1'],
  [/^drivers\/gpu\/drm\/(\w+)\//, 'drm/$1'],
  [/^drivers\/gpu\/drm\/(?:drm_)?(\w+)\.\w+$/, 'drm/$1'],
  [/^drivers\/infiniband\/(?:hw|sw|ulp)\/(\w+)\//, 'RDMA/$1'],
  [/^drivers\/infiniband\/(\w+)\//, 'RDMA/$1'],
  [/^drivers\/accel\/(\w+)\//, 'accel/$1'],
  [/^drivers\/vfio\/(\w+)\//, 'vfio/$1'],
  [/^drivers\/dma-buf\//, 'dma-buf'],
  [/^include\/linux\/dma-(?:buf|resv)\b/, 'dma-buf'],
  [/^drivers\/media\/(?:.*\/)?([\w-]+)\/[^/]+$/, 'media: $1'],
  [/^Documentation\//, 'docs'],
  [/^(?:.*\/)?([\w-]+)\/[^/]+$/, '$1'],
];

/** The prefix of the subject of a patch that changes one file. */
export function subjectPrefix(path: string): string {
  for (const [pattern, prefix] of customs) {
    const match = pattern.exec(path);
    if (match) return prefix.replace('$1', match[1] ?? '');
  }
  return path;
}
