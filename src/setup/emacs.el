;; Emacs: shows findings in a compilation buffer, which recognises their lines. For ~/.emacs.
;; M-x dmabuf-lint scans the kernel tree of the buffer.
(defun dmabuf-lint ()
  "Check the dma-buf contract in the kernel tree of this buffer."
  (interactive)
  (let ((default-directory (locate-dominating-file default-directory "Kbuild")))
    (compile "dmabuf-lint scan --format gcc")))

;; The language server, with eglot:
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((c-mode c-ts-mode) . ("dmabuf-lint" "lsp"))))
