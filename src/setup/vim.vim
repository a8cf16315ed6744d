" vim: shows findings in the quickfix list, which reads the gcc format. For ~/.vim/ftplugin/c.vim.
" :Dmabuf scans the kernel tree of the file.
function! s:Dmabuf() abort
  let header = findfile('include/linux/dma-buf.h', escape(expand('%:p:h'), ' ,;') .. ';')
  if header ==# ''
    echoerr 'dmabuf-lint: no folder above this file has include/linux/dma-buf.h'
    return
  endif
  let tree = fnamemodify(header, ':p:h:h:h')
  " The findings name their files from the top of the tree.
  execute 'lcd' fnameescape(tree)
  cexpr system('dmabuf-lint scan --format gcc ' .. shellescape(tree) .. ' 2>/dev/null')
  copen
endfunction
command! -buffer Dmabuf call s:Dmabuf()

" neovim 0.8 or newer: the language server, beside clangd, for init.lua:
" vim.api.nvim_create_autocmd('FileType', {
"   pattern = 'c',
"   callback = function(args)
"     local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(args.buf), ':p:h')
"     local header = vim.fn.findfile('include/linux/dma-buf.h', vim.fn.escape(folder, ' ,;') .. ';')
"     -- For modules outside of any tree: the kernel that they are built for, or its headers.
"     local kernel = vim.g.dmabuf_lint_kernel
"     if header ~= '' or kernel then
"       local root = header ~= '' and vim.fn.fnamemodify(header, ':p:h:h:h') or folder
"       vim.lsp.start({
"         name = 'dmabuf-lint',
"         cmd = { 'dmabuf-lint', 'lsp' },
"         root_dir = root,
"         init_options = { kernel = kernel },
"       })
"     end
"   end,
" })
