/** The kinds of resource whose life is followed. */
export type ResourceKind = 'attachment' | 'mapping' | 'pin' | 'reference' | 'fd' | 'lock';
