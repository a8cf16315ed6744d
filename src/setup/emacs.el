;; Emacs: shows findings in a compilation buffer, which recognises their lines. For ~/.emacs.
;; M-x dmabuf-lint scans the kernel tree of the buffer.
(defun dmabuf-lint ()
  "Check the dma-buf contract in the kernel tree of this buffer."
  (interactive)
  (let ((default-directory
         (or (locate-dominating-file default-directory "include/linux/dma-buf.h")
             (user-error "No folder above this one has include/linux/dma-buf.h"))))
    (compile "dmabuf-lint scan --format gcc")))

;; The language server, with eglot. A buffer has one server: your usual one, mostly clangd, stays what M-x eglot starts,
;; and M-x dmabuf-lint-eglot starts this one instead.
(defvar dmabuf-lint-kernel nil
  "The kernel, or its headers, that modules outside of any kernel tree are built for.")

(defun dmabuf-lint-eglot ()
  "Use dmabuf-lint as the language server of the C buffers of this project."
  (interactive)
  (require 'eglot)
  (defvar eglot-server-programs)
  (let ((eglot-server-programs `(((c-mode c-ts-mode)
            . ("dmabuf-lint" "lsp"
               ,@(and dmabuf-lint-kernel (list "--kernel" (expand-file-name dmabuf-lint-kernel))))))))
    (call-interactively #'eglot)))
