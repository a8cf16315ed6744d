#!/bin/sh
# NIPA: makes the test folder. In the tests/patch folder of NIPA: dmabuf-lint setup nipa | sh
mkdir -p dmabuf_lint
cat > dmabuf_lint/info.json <<'EOF'
{
  "run": ["test.sh"]
}
EOF
cat > dmabuf_lint/test.sh <<'EOF'
#!/bin/sh
# The patch is checked out: what is new with it is told. 0 is fine, 250 a warning, anything else a failure.
exec dmabuf-lint series HEAD~1..HEAD --format nipa
EOF
chmod +x dmabuf_lint/test.sh
