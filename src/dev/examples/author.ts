/** Who makes the patches of a test: whoever runs it may have told git no name. */
export const author = {
  GIT_AUTHOR_NAME: 'Zoë Driver',
  GIT_AUTHOR_EMAIL: 'zoe@example.org',
  GIT_COMMITTER_NAME: 'Zoë Driver',
  GIT_COMMITTER_EMAIL: 'zoe@example.org',
} as const;
