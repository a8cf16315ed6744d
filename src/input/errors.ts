/** Something that the user can mend; its message is one line that says what is wrong, where, and what to do. */
export class UserError extends Error {}
