#!/bin/sh
# git: .git/hooks/pre-commit of a kernel tree; make it executable. It refuses a commit that adds an error; --no-verify
# forces the commit. What is staged is judged, whatever the work tree holds besides. It scans nothing if no staged file
# mentions dma-buf.
git diff --cached --name-only -z --diff-filter=d |
	xargs -0 -r git --literal-pathspecs grep --cached -lE 'dma_?buf' -- | grep -q . || exit 0
exec dmabuf-lint scan --staged --since HEAD --format gcc
