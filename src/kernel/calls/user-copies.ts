/** A function that copies between the kernel and user space, and can fail. */
export interface UserCopy {
  /** The argument, 0-based, that is the label to which a macro jumps where the copy fails, instead of returning an error. */
  readonly label?: number;
  readonly direction: 'to-user' | 'from-user';
  /** The argument, 0-based, that is in the kernel: what is copied to user space, or what is filled from there. */
  readonly index: number;
}

/** Sources: include/linux/uaccess.h, include/asm-generic/uaccess.h, include/linux/sockptr.h. */
const rows: readonly (readonly [names: readonly string[], copy: UserCopy])[] = [
  [
    ['copy_to_user', '__copy_to_user', '__copy_to_user_inatomic', 'copy_to_user_nofault', 'copy_to_sockptr'],
    { direction: 'to-user', index: 1 },
  ],
  [['unsafe_put_user'], { direction: 'to-user', index: 0, label: 2 }],
  [['unsafe_copy_to_user'], { direction: 'to-user', index: 1, label: 3 }],
  [['copy_struct_to_user'], { direction: 'to-user', index: 2 }],
  [['put_user', '__put_user'], { direction: 'to-user', index: 0 }],
  [
    ['copy_from_user', '__copy_from_user', 'copy_from_user_nofault', 'copy_struct_from_user', 'copy_from_sockptr'],
    { direction: 'from-user', index: 0 },
  ],
  [['get_user', '__get_user'], { direction: 'from-user', index: 0 }],
];

/** What functions copy between the kernel and user space, by name. */
export const userCopies: ReadonlyMap<string, UserCopy> = new Map(
  rows.flatMap(([names, copy]) => names.map((name) => [name, copy] as const)),
);

/** Macros that fill a variable, and not what a pointer leads to: `get_user(x, ptr)`. */
export const fillsVariable: ReadonlySet<string> = new Set(['get_user', '__get_user']);

/** How code asks whether a command of ioctl() hands something out: the macro for its direction, and the flags that say so. */
export const readDirection = {
  /** `_IOC_DIR(cmd) & _IOC_READ`. Source: include/uapi/asm-generic/ioctl.h. */
  of: '_IOC_DIR',
  flags: new Set(['_IOC_READ', 'IOC_OUT', 'IOC_INOUT']),
} as const;
