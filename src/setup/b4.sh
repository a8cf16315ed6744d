# b4: run this in a kernel repository, or with `git config --global` for all of them.
# `b4 prep --check` then checks each patch of a prepared branch, and `b4 review` each patch under review.
git config b4.prep-perpatch-check-cmd 'dmabuf-lint series --format b4 -'
git config b4.review-perpatch-check-cmd 'dmabuf-lint series --format b4-review -'
