" vim: shows findings in the quickfix list, which reads the gcc format. For ~/.vim/ftplugin/c.vim.
" :Dmabuf scans the kernel tree of the file.
command! -buffer Dmabuf cexpr system('dmabuf-lint scan --format gcc ' .. shellescape(fnamemodify(findfile('Kbuild', '.;'), ':p:h'))) | copen

" neovim: the language server, for init.lua:
" vim.lsp.start({ name = 'dmabuf-lint', cmd = { 'dmabuf-lint', 'lsp' }, root_dir = vim.fs.root(0, 'Kbuild') })
