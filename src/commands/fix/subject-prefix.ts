/** How the subjects of patches begin in each subsystem, by path: for files without history. */
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

const longestPrefix = 40;

/**
 * The prefix for the subject of a patch to one file: the one that most of the last patches to the file have.
 * @param subjects of the last patches, newest first
 */
export function subjectPrefix(path: string, subjects: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const subject of subjects) {
    const [, prefix] = /^((?:[\w.,/+-]+: )*[\w.,/+-]+): /.exec(subject) ?? [];
    if (prefix === undefined || prefix.length > longestPrefix || /^(?:treewide|revert)\b/i.test(prefix)) continue;
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, left], [, right]) => right - left);
  return first?.[0] ?? customaryPrefix(path);
}

function customaryPrefix(path: string): string {
  for (const [pattern, prefix] of customs) {
    const match = pattern.exec(path);
    if (match) return prefix.replace('$1', match[1] ?? '');
  }
  return path;
}
