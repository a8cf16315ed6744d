// These groups of tests share one analysis of linux 6.12 and one of 7.x, both made in this process.
import '../readings/matrix.kernel-group.js';
import '../pages/tree-pages.kernel-group.js';
import '../renaming/renamed-api.kernel-group.js';
// From here on trees with a few changed files are analysed, too.
import '../docs/docs.kernel-group.js';
import '../fixes/former-names.kernel-group.js';
