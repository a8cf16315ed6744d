" vim: findings in the quickfix list, for ~/.vim/ftplugin/c.vim. The gcc format is what vim reads by itself.
" :Dmabuf scans the kernel tree of the file.
command! -buffer Dmabuf cexpr system('dmabuf-lint scan --format gcc ' .. shellescape(fnamemodify(findfile('Kbuild', '.;'), ':p:h'))) | copen

" neovim: the language server, for init.lua:
" vim.lsp.start({ name = 'dmabuf-lint', cmd = { 'dmabuf-lint', 'lsp' }, root_dir = vim.fs.root(0, 'Kbuild') })
