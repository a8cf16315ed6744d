#!/bin/sh
# NIPA: creates the folder of a test. Run this in the tests/patch folder of NIPA: dmabuf-lint setup nipa | sh
mkdir -p dmabuf_lint
cat > dmabuf_lint/info.json <<'EOF'
{
  "run": ["test.sh"]
}
EOF
cat > dmabuf_lint/test.sh <<'EOF'
#!/bin/sh
# NIPA has checked the patch out; this reports its new findings. 0 is a pass, 250 a warning, anything else a failure.
exec dmabuf-lint series HEAD~1..HEAD --format nipa
EOF
chmod +x dmabuf_lint/test.sh
