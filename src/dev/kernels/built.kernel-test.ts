// These groups of tests share one analysis and one configured build of linux 7.x, both made in this process.
import '../fixes/fixes.kernel-group.js';
import './kbuild.kernel-group.js';
