import { defineRule } from '../../src/lint/index.js';
import { reportIncomplete } from '../shared/forgotten.js';

export default defineRule({
  id: 'release-incomplete',
  group: 'importer',
  severity: 'warning',
  scope: 'driver',
  check: reportIncomplete,
});
