#!/bin/sh
# VS Code: packs the extension, which runs the language server, and installs it. Needs npm, the network, and dmabuf-lint
# installed globally (npm install --global, npm link): the extension is a part of its package.
# Run it: dmabuf-lint setup vscode | sh
set -eu
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cp -R "$(npm root --global)/dmabuf-lint/src/setup/vscode/." "$build"
cd "$build"
npm install --omit=dev --ignore-scripts --no-audit --no-fund
npx --yes @vscode/vsce@4.1.0 package --allow-missing-repository --skip-license --out dmabuf-lint.vsix
code --install-extension dmabuf-lint.vsix
