import { join } from 'node:path';
import { writeBundle } from './bundle.js';

// `npm run build`, after the compiler: writes dist/bundle, which users run.
const top = join(import.meta.dirname, '../../../..');
await writeBundle(top, join(top, 'dist', 'bundle'));
