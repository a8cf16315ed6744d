// These groups of tests ask the same two analyses, of linux 6.12 and of 7.x, which are made once in this process; those
// that compile use one configured build of 7.x.
import '../readings/matrix.kernel-group.js';
import '../pages/tree-pages.kernel-group.js';
import '../fixes/fixes.kernel-group.js';
import './kbuild.kernel-group.js';
