import { parentPort, workerData } from 'node:worker_threads';
import { type SharedFolders, walkShared } from './shared-walk.js';

parentPort?.postMessage(walkShared(workerData as SharedFolders));
